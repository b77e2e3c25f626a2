#include "gateway/backtest/backtest_set_count.h"
#include "gateway/definitions/definitions.h"
#include "tests/support/expect.h"

#include <string.h>

/* What becomes of two judgements of one set that were made by hand, and how a tally is written. */
#define ROOM ((size_t)256 << 20U)

enum { ANSWERS_MAX = 4, TEXT_MAX = 1 << 16 };

static struct arena        *kept;
static struct definitions   definitions;
static struct setbook_tools tools;

static int
start(void **state)
{
    struct fault fault = {0};

    (void)state;
    kept = arena_create(ROOM);
    ENSURE(definitions_load(kept, NULL, &definitions, &fault) == ERR_OK);
    tools = (struct setbook_tools){.sets = definitions.sets};
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

static const struct sets_rule *
rule(const char *code)
{
    size_t                  count = 0;
    const struct sets_rule *rules = sets_rules(definitions.sets, &count);

    for (size_t i = 0; i < count; i++) {
        if (str_equal(rules[i].entry->code, str_of(code))) {
            return &rules[i];
        }
    }
    fail_msg("%s", code);
    return NULL;
}

/* An answer; without a code: the end of the list. */
struct said {
    const char       *code;
    enum sets_outcome outcome;
    enum severity     severity;
};

static struct sets_judgement
judgement(const struct said said[ANSWERS_MAX])
{
    struct sets_answer   *answers = ARENA_NEW(kept, struct sets_answer, ANSWERS_MAX);
    struct sets_judgement out = {.state = SETS_INCOMPLETE, .answers = answers};

    ENSURE(answers != NULL);
    for (; out.answer_count < ANSWERS_MAX && said[out.answer_count].code != NULL;
         out.answer_count++) {
        const struct said *one = &said[out.answer_count];
        answers[out.answer_count] = (struct sets_answer){
            .rule = rule(one->code), .severity = one->severity, .outcome = one->outcome};
    }
    return out;
}

static struct backtest_tally
count(const struct said before[ANSWERS_MAX], const struct said after[ANSWERS_MAX], size_t times)
{
    const struct backtest_set_holder holder = {STR("gmina"), STR("06")};
    const struct sets_judgement      judgements[] = {judgement(before), judgement(after)};
    const struct backtest_set_side   sides[] = {
          {&tools, &judgements[0]},
          {&tools, &judgements[1]}
    };
    struct backtest_tally tally = {0};
    struct fault          fault = {0};

    ENSURE(backtest_tally_create(kept, &tally, &fault) == ERR_OK);
    for (size_t i = 0; i < times; i++) {
        ENSURE(backtest_set_count(&tally, &holder, &sides[0], &sides[1], &fault) == ERR_OK);
    }
    backtest_tally_sort(&tally);
    return tally;
}

static void
each_outcome_is_counted_as_one_thing_and_turns_by_what_is_shown(void **state)
{
    static const struct {
        const char           *name;
        enum sets_outcome     outcome;
        enum severity         severity;
        enum backtest_outcome counted;
        bool                  shown;
    } cases[] = {
        {"holds",            SETS_HOLDS,         SEVERITY_QUERY,    BACKTEST_HOLDS,         false},
        {"waits",            SETS_PENDING,       SEVERITY_QUERY,    BACKTEST_PENDING,       false},
        {"nothing to do",    SETS_IDLE,          SEVERITY_QUERY,    BACKTEST_IDLE,          false},
        {"beyond a limit",   SETS_NOT_EVALUATED, SEVERITY_QUERY,    BACKTEST_NOT_EVALUATED, false},
        {"asks",             SETS_FAILS,         SEVERITY_QUERY,    BACKTEST_QUERIES,       true },
        {"warns",            SETS_FAILS,         SEVERITY_WARNING,  BACKTEST_WARNS,         true },
        {"informs",          SETS_FAILS,         SEVERITY_INFO,     BACKTEST_WARNS,         true },
        {"is on trial",      SETS_FAILS,         SEVERITY_PROPOSED, BACKTEST_PROPOSED,      false},
        {"on trial, silent", SETS_HOLDS,         SEVERITY_PROPOSED, BACKTEST_HOLDS,         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(cases); j++) {
            const struct said before[ANSWERS_MAX] = {
                {"ZESTAW-001", cases[i].outcome, cases[i].severity}
            };
            const struct said after[ANSWERS_MAX] = {
                {"ZESTAW-001", cases[j].outcome, cases[j].severity}
            };
            struct backtest_tally tally = count(before, after, 1);
            enum backtest_turn    turn = backtest_set_count_turn(cases[i].shown, cases[j].shown);
            for (size_t k = 0; k < BACKTEST_OUTCOMES; k++) {
                EXPECT(tally.codes[0].outcomes[k] == (k == cases[j].counted ? 1 : 0),
                       cases[j].name);
            }
            for (size_t k = 0; k < BACKTEST_TURNS; k++) {
                EXPECT(tally.codes[0].turns[k] == (k == turn ? 1 : 0), cases[j].name);
                EXPECT(tally.groups[0].turns[k] == (k == turn ? 1 : 0), cases[i].name);
            }
            EXPECT(tally.codes[0].sets == 1 && tally.groups[0].sets == 1, cases[j].name);
        }
    }
    assert_int_equal(backtest_set_count_turn(false, true), BACKTEST_NEW);
    assert_int_equal(backtest_set_count_turn(true, false), BACKTEST_GONE);
    assert_int_equal(backtest_set_count_turn(true, true), BACKTEST_SAME);
    assert_int_equal(backtest_set_count_turn(false, false), BACKTEST_STAYS_AWAY);
}

/* A draft may have rules that are not in force, and lack others. */
static void
a_rule_of_one_side_alone_is_new_or_gone(void **state)
{
    const struct said left[ANSWERS_MAX] = {
        {"ZESTAW-001", SETS_FAILS, SEVERITY_QUERY},
        {"ZESTAW-003", SETS_FAILS, SEVERITY_QUERY}
    };
    const struct said right[ANSWERS_MAX] = {
        {"ZESTAW-002", SETS_FAILS, SEVERITY_QUERY},
        {"ZESTAW-003", SETS_FAILS, SEVERITY_QUERY},
        {"ZESTAW-006", SETS_FAILS, SEVERITY_QUERY}
    };
    const uint64_t           sets[] = {0, 3, 3, 3};
    const enum backtest_turn turns[] = {BACKTEST_GONE, BACKTEST_NEW, BACKTEST_SAME, BACKTEST_NEW};
    struct backtest_tally    tally = count(left, right, 3);

    (void)state;
    assert_int_equal(tally.code_count, ARRAY_COUNT(sets));
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        const char *code = str_copy(kept, tally.codes[i].code).data;
        EXPECT(tally.codes[i].sets == sets[i], code);
        EXPECT(tally.codes[i].turns[turns[i]] == 3, code);
        EXPECT(tally.codes[i].outcomes[BACKTEST_QUERIES] == sets[i], code);
    }
    /* Rb-NDS is charged by three of them: a set is one, and turns each way once. */
    assert_int_equal(tally.group_count, 2);
    assert_true(str_equal(tally.groups[1].form, STR("Rb-NDS")));
    assert_int_equal(tally.groups[1].sets, 3);
    for (size_t i = 0; i < BACKTEST_TURNS; i++) {
        assert_int_equal(tally.groups[1].turns[i], 3);
    }
    assert_true(str_equal(tally.groups[0].form, STR("Rb-27S")));
    assert_int_equal(tally.groups[0].turns[BACKTEST_NEW], 3);
    assert_int_equal(tally.sets.sets, 3);
    assert_int_equal(tally.sets.states[SETS_INCOMPLETE][SETS_INCOMPLETE], 3);
}

static void
a_rule_that_is_off_says_nothing(void **state)
{
    const struct said           said = {"ZESTAW-001", SETS_FAILS, SEVERITY_QUERY};
    const struct setbook_tools  off = {.sets = definitions.sets,
                                       .switched_off = STR("ZESTAW-001 ZESTAW-002")};
    const struct sets_judgement one =
        judgement((const struct said[ANSWERS_MAX]){said, {.code = NULL}});

    (void)state;
    assert_true(backtest_set_count_is_told(&tools, &one.answers[0]));
    assert_false(backtest_set_count_is_told(&off, &one.answers[0]));
    assert_false(backtest_set_count_is_told(&tools, NULL));
}

/* Each figure is another, so that none can stand in another's place. */
static struct backtest_tally
figures(void)
{
    struct backtest_tally  tally = {0};
    struct backtest_group *group = NULL;
    struct backtest_code  *code = NULL;
    struct fault           fault = {0};

    ENSURE(backtest_tally_create(kept, &tally, &fault) == ERR_OK);
    ENSURE(backtest_tally_group(&tally, STR("Rb-NDS"), STR("gmina"), STR("06"), &group, &fault)
           == ERR_OK);
    *group = (struct backtest_group){
        .form = group->form,
        .kind = group->kind,
        .region = group->region,
        .sets = 11,
        .turns = {12, 13, 14}
    };
    ENSURE(backtest_tally_code(&tally, STR("ZESTAW-001"), &code, &fault) == ERR_OK);
    *code = (struct backtest_code){
        .code = code->code,
        .sets = 21,
        .outcomes = {22,  23, 24, 25, 26, 0, 28},
        .turns = {31, 32,  33 }
    };
    tally.sets = (struct backtest_set_totals){
        .sets = 41, .unread = 42, .reports = 51, .stopped = {52, 53, 54},
                   .strict = 55
    };
    tally.sets.states[SETS_CONSISTENT][SETS_INCONSISTENT] = 61;
    tally.sets.states[SETS_INCOMPLETE][SETS_INCONSISTENT] = 62;
    tally.sets.states[SETS_INCONSISTENT][SETS_CONSISTENT] = 63;
    tally.sets.states[SETS_INCONSISTENT][SETS_INCONSISTENT] = 64;
    return tally;
}

static void
a_tally_is_written_to_the_letter(void **state)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out, const struct backtest_tally *tally);
        const char *wanted;
    } cases[] = {
        {"text", backtest_tally_write_text,
         "Złożeń 0, sprawozdań 0: szkic zatrzymałby 0, przepuściłby 0 z zatrzymanych. Nie do"
         " odczytania tutaj: 0\n"
         "Rb-NDS, gmina, województwo 06: zestawów 11; niezgodności: nowe 12, ustają 13,"
         " bez zmian 14\n"
         "ZESTAW-001: zestawów 21, zgodnych 22, z pytaniem 23, z ostrzeżeniem 24, niezgodnych na"
         " próbę 25, czeka na sprawozdanie 26, nieobliczonych 28; niezgodności: nowe 31, ustają"
         " 32, bez zmian 33\n"
         "Zestawów 41: szkic uczyniłby niezgodnymi 123, przestałoby nimi być 63, niezgodnych tak"
         " jak teraz 64. Nie do porównania tutaj: 42\n"
         "Sprawozdań z tych dni w zestawach 51: złożone dziś ze strict=true zatrzymałby sam szkic"
         " 52, same reguły obowiązujące 53, jedno i drugie 54. Z zatrzymanych przez sam szkic"
         " strict=true miało 55\n"                                                           },
        {"json", backtest_tally_write_json,
         "{\"submissions\":0,\"unread\":0,\"groups\":[],\"codes\":[],\"sets\":{\"sets\":41,"
         "\"unread\":42,\"states\":["
         "{\"before\":\"incomplete\",\"after\":\"inconsistent\",\"sets\":62},"
         "{\"before\":\"consistent\",\"after\":\"inconsistent\",\"sets\":61},"
         "{\"before\":\"inconsistent\",\"after\":\"consistent\",\"sets\":63},"
         "{\"before\":\"inconsistent\",\"after\":\"inconsistent\",\"sets\":64}],"
         "\"groups\":[{\"form\":\"Rb-NDS\",\"kind\":\"gmina\",\"region\":\"06\",\"sets\":11,"
         "\"new\":12,\"gone\":13,\"same\":14}],"
         "\"rules\":[{\"code\":\"ZESTAW-001\",\"sets\":21,\"holds\":22,\"queries\":23,"
         "\"warnings\":24,\"proposed\":25,\"pending\":26,\"idle\":0,\"not_evaluated\":28,"
         "\"new\":31,\"gone\":32,\"same\":33}],"
         "\"strict\":{\"reports\":51,\"new\":52,\"gone\":53,\"same\":54,\"asked_for\":55}}}\n"},
        {"csv",  backtest_tally_write_csv,
         "\xEF\xBB\xBF"
         "formularz;rodzaj jednostki;województwo;kod;sprawozdań;zatrzymane;przepuszczone;więcej"
         " pytań;zestawów;zgodne;z pytaniem;z ostrzeżeniem;niezgodne na próbę;czekają;bez"
         " porównania;nieobliczone;nowe niezgodności;ustające niezgodności;niezgodności bez"
         " zmian\r\n"
         "Rb-NDS;gmina;06;;0;0;0;0;11;;;;;;;;12;13;14\r\n"
         ";;;ZESTAW-001;;0;0;;21;22;23;24;25;26;0;28;31;32;33\r\n"
         ";;;strict=true;51;;;;;;;;;;;;52;53;54\r\n"                                          },
    };
    const struct backtest_tally tally = figures();

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct buf text = buf_create(kept, TEXT_MAX);
        cases[i].write(&text, &tally);
        buf_byte(&text, '\0');
        ENSURE(buf_ok(&text));
        assert_string_equal(text.data, cases[i].wanted);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_outcome_is_counted_as_one_thing_and_turns_by_what_is_shown),
        cmocka_unit_test(a_rule_of_one_side_alone_is_new_or_gone),
        cmocka_unit_test(a_rule_that_is_off_says_nothing),
        cmocka_unit_test(a_tally_is_written_to_the_letter),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
