#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/quarter.h"
#include "tests/unit/gateway/backtest/trial.h"

#include <string.h>

/*
 * A draft of a rule between reports, over what is stored: ZESTAW-001 holds line A of Rb-NDS against
 * the Rb-27S of the same JST. The draft wants one złoty more than that.
 */
#define CODE "ZESTAW-001"
#define SCRIPT "sets/2025-1/" CODE ".vtl"
#define RULES "sets/2025-1/rules.xml"
#define DAY (INT64_C(86400) * INSTANT_PER_SECOND)
#define CAME (INT64_C(1784962801) * INSTANT_PER_SECOND) /* as the workshop files */

enum { JST = 100 /* number of the first one's draft */ };

static struct arena      *kept;
static struct definitions stricter; /* line A is to be one złoty more than the sum */
static uint64_t           sent;

static int
start(void **state)
{
    int got = trial_start(state);

    kept = trial_arena();
    stricter = trial_draft(SCRIPT, "Zgodne := Jest = Powinno", "Zgodne := Jest = Powinno + 1");
    return got;
}

/* It files an Rb-27S with this income, and an Rb-NDS that states that one; below 0: none. */
static int64_t
file_jst(struct workshop *workshop, size_t number, int income, int stated)
{
    int64_t   jst = workshop_jst(workshop, draft_regon(kept, number), "Gmina");
    const int amounts[] = {income, stated};

    for (size_t i = 0; i < ARRAY_COUNT(amounts); i++) {
        const struct quarter quarter = {number, i == 0, 0, amounts[i]};
        if (amounts[i] >= 0) {
            sent++;
            struct str key = str_format(kept, "k%llu", (unsigned long long)sent);
            (void)workshop_send(workshop, jst, sent, key.data,
                                quarter_package(kept, judging_authority(), &quarter));
        }
    }
    return jst;
}

static struct backtest_tally
run(const struct workshop *workshop, const struct definitions *after, instant from, instant to)
{
    return trial_run(workshop, backtest_sets_run, after, from, to);
}

static struct backtest_tally
run_day(const struct workshop *workshop, const struct definitions *after)
{
    return run(workshop, after, CAME - DAY, CAME + DAY);
}

static struct backtest_code
rule_of(const struct backtest_tally *tally, const char *code)
{
    for (size_t i = 0; i < tally->code_count; i++) {
        if (str_equal(tally->codes[i].code, str_of(code))) {
            return tally->codes[i];
        }
    }
    return (struct backtest_code){0};
}

static struct backtest_group
group_of(const struct backtest_tally *tally, const char *form, const char *region)
{
    for (size_t i = 0; i < tally->group_count; i++) {
        if (str_equal(tally->groups[i].form, str_of(form))
            && str_equal(tally->groups[i].region, str_of(region))) {
            return tally->groups[i];
        }
    }
    return (struct backtest_group){0};
}

/* "2 1 1" */
static const char *
turns_of(const uint64_t turns[BACKTEST_TURNS])
{
    return str_format(kept, "%llu %llu %llu", (unsigned long long)turns[BACKTEST_NEW],
                      (unsigned long long)turns[BACKTEST_GONE],
                      (unsigned long long)turns[BACKTEST_SAME])
        .data;
}

/* "holds queries warns proposed pending idle not-evaluated" */
static const char *
outcomes_of(const struct backtest_code *code)
{
    struct buf text = buf_create(kept, 256);

    for (size_t i = 0; i < BACKTEST_OUTCOMES; i++) {
        buf_format(&text, "%s%llu", i == 0 ? "" : " ", (unsigned long long)code->outcomes[i]);
    }
    buf_byte(&text, '\0');
    return text.data;
}

static struct str
everything(const struct workshop *workshop)
{
    return workshop_ask(workshop, "SELECT concat_ws(' ', (SELECT count(*) FROM intake.decision),"
                                  " (SELECT count(*) FROM intake.set_work),"
                                  " (SELECT count(*) FROM intake.set_finding),"
                                  " (SELECT sum(revision) FROM intake.report_set))");
}

/* A school below it files an Rb-27S and an Rb-28S of its own; its number in the registry. */
static int64_t
file_school(struct workshop *workshop, int64_t jst)
{
    const struct draft_unit school = {.number = JST + 50, .both = true};
    struct str              text = draft_unit(kept, judging_authority(), &school);

    workshop_run(workshop, str_format(kept,
                                      "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt,"
                                      " type, kind, name, parent, valid_from) VALUES ('%.*s',"
                                      " '14', '01', '01', '1', '0', 'JB',"
                                      " 'jednostka-budzetowa', 'Szkoła', %lld, '2020-01-01')",
                                      STR_ARG(draft_regon(kept, JST + 50)), (long long)jst)
                               .data);
    int64_t unit = workshop_number(workshop, "SELECT max(unit) FROM registry.unit");
    sent++;
    (void)workshop_send(workshop, unit, sent, "school", draft_package(kept, &text, 1, ""));
    return unit;
}

/* Four JST: as it should be, one złoty off, seven off, and with one report alone. */
static void
file_four(struct workshop *workshop, int64_t jst[4])
{
    jst[0] = file_jst(workshop, JST, 100, 100);
    jst[1] = file_jst(workshop, JST + 1, 100, 101);
    jst[2] = file_jst(workshop, JST + 2, 100, 107);
    jst[3] = file_jst(workshop, JST + 3, -1, 100);
}

static void
one_set_turns_and_another_does_not(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst[4] = {0};

    (void)state;
    file_four(workshop, jst);
    workshop_run(workshop, str_format(kept,
                                      "SET session_replication_role = replica;"
                                      " UPDATE registry.unit SET wk = '06' WHERE unit = %lld;"
                                      " UPDATE intake.submission SET strict = true WHERE subject ="
                                      " %lld AND ordinal = (SELECT min(ordinal) FROM"
                                      " intake.submission WHERE subject = %lld)",
                                      (long long)jst[1], (long long)jst[0], (long long)jst[0])
                               .data);
    struct str            before = everything(workshop);
    struct backtest_tally told = run_day(workshop, &stricter);
    struct backtest_code  rule = rule_of(&told, CODE);
    assert_int_equal(told.sets.sets, 4);
    assert_int_equal(told.sets.unread, 0);
    assert_int_equal(rule.sets, 4);
    assert_string_equal(outcomes_of(&rule), "1 2 0 0 1 0 0");
    assert_string_equal(turns_of(rule.turns), "1 1 1");
    assert_int_equal(told.sets.states[SETS_INCOMPLETE][SETS_INCONSISTENT], 1);
    assert_int_equal(told.sets.states[SETS_INCONSISTENT][SETS_INCOMPLETE], 1);
    assert_int_equal(told.sets.states[SETS_INCONSISTENT][SETS_INCONSISTENT], 1);
    assert_int_equal(told.sets.states[SETS_INCOMPLETE][SETS_INCOMPLETE], 1);

    struct backtest_group here = group_of(&told, "Rb-NDS", "14");
    struct backtest_group there = group_of(&told, "Rb-NDS", "06");
    assert_true(str_equal(here.kind, STR("gmina")) && str_equal(there.kind, STR("gmina")));
    assert_int_equal(here.sets, 3);
    assert_string_equal(turns_of(here.turns), "1 0 1");
    assert_int_equal(there.sets, 1);
    assert_string_equal(turns_of(there.turns), "0 1 0");
    assert_string_equal(turns_of(group_of(&told, "Rb-27S", "14").turns), "0 0 0");

    /* Both reports of a set that a rule reads would have been stopped. */
    assert_int_equal(told.sets.reports, 7);
    assert_string_equal(turns_of(told.sets.stopped), "2 2 2");
    assert_int_equal(told.sets.strict, 1);
    assert_true(str_equal(everything(workshop), before));
    workshop_close(workshop);
}

/* With the rules in force as a draft nothing turns, and the sets are those that the gateway has. */
static void
sets_and_their_states_are_those_of_the_gateway(void **state)
{
    struct workshop   *workshop = workshop_open();
    struct definitions same = trial_draft(RULES, "Dochody ogółem (wiersz A) to", "Wiersz A to");
    int64_t            jst[4] = {0};
    uint64_t           turns = 0;
    uint64_t           states[SETS_STATES] = {0};

    (void)state;
    file_four(workshop, jst);
    struct backtest_tally told = run_day(workshop, &same);
    for (size_t i = 0; i < told.code_count; i++) {
        turns += told.codes[i].turns[BACKTEST_NEW] + told.codes[i].turns[BACKTEST_GONE];
    }
    assert_int_equal(turns, 0);
    for (size_t i = 0; i < SETS_STATES; i++) {
        const char *sql =
            str_format(kept, "SELECT count(*) FROM intake.report_set WHERE state = '%s'",
                       sets_state_name((enum sets_state)i))
                .data;
        states[i] = (uint64_t)workshop_number(workshop, sql);
        EXPECT(told.sets.states[i][i] == states[i], sets_state_name((enum sets_state)i));
    }
    assert_int_equal(states[SETS_INCONSISTENT], 2);
    assert_int_equal(told.sets.sets,
                     workshop_number(workshop, "SELECT count(*) FROM intake.report_set"));
    workshop_close(workshop);
}

/* strict refuses what a rule that does not hold reads, whoever else stands in the set. */
static void
strict_would_stop_what_the_rule_reads_alone(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = file_jst(workshop, JST, 100, 100);

    (void)state;
    (void)file_school(workshop, jst);
    struct backtest_tally told = run_day(workshop, &stricter);
    assert_int_equal(told.sets.sets, 2);
    assert_int_equal(told.sets.reports, 4);
    assert_string_equal(turns_of(told.sets.stopped), "2 0 0");
    assert_int_equal(told.sets.strict, 0);
    workshop_close(workshop);
}

static void
what_a_draft_says_is_told_by_its_severity(void **state)
{
    static const struct {
        const char *severity;
        const char *outcomes;
        const char *turns;
        bool        inconsistent;
    } cases[] = {
        {"query",    "0 1 0 0 0 0 0", "0 0 1", true },
        {"warning",  "0 0 1 0 0 0 0", "0 0 1", true },
        {"info",     "0 0 1 0 0 0 0", "0 0 1", false},
        {"proposed", "0 0 0 1 0 0 0", "0 1 0", false},
        {"off",      "0 0 0 0 0 0 0", "0 1 0", false},
    };
    struct workshop *workshop = workshop_open();

    (void)state;
    (void)file_jst(workshop, JST, 100, 107);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str new = str_format(kept, "<applies severity=\"%s\"/>", cases[i].severity);
        struct definitions    other = trial_draft(RULES, "<applies severity=\"query\"/>", new.data);
        struct backtest_tally told = run_day(workshop, &other);
        struct backtest_code  rule = rule_of(&told, CODE);
        EXPECT(strcmp(outcomes_of(&rule), cases[i].outcomes) == 0, cases[i].severity);
        EXPECT(strcmp(turns_of(rule.turns), cases[i].turns) == 0, cases[i].severity);
        EXPECT(told.sets.states[SETS_INCONSISTENT][SETS_INCONSISTENT]
                   == (cases[i].inconsistent ? 1 : 0),
               cases[i].severity);
        EXPECT(told.sets.stopped[BACKTEST_SAME] == (cases[i].inconsistent ? 2 : 0),
               cases[i].severity);
        EXPECT(told.sets.stopped[BACKTEST_GONE] == (cases[i].inconsistent ? 0 : 2),
               cases[i].severity);
    }
    workshop_close(workshop);
}

/* What is off asks nobody now; the draft is asked with it on. */
static void
what_is_switched_off_is_off_for_the_rules_in_force_alone(void **state)
{
    struct workshop   *workshop = workshop_open();
    struct definitions same = trial_draft(RULES, "Dochody ogółem (wiersz A) to", "Wiersz A to");

    (void)state;
    (void)file_jst(workshop, JST, 100, 107);
    struct backtest_tally told = run_day(workshop, &same);
    assert_string_equal(turns_of(rule_of(&told, CODE).turns), "0 0 1");
    workshop_run(workshop,
                 "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
                 " VALUES ('" CODE "', true, '2020-01-01', 'r', 'p', now())");
    told = run_day(workshop, &same);
    assert_string_equal(turns_of(rule_of(&told, CODE).turns), "1 0 0");
    assert_int_equal(told.sets.states[SETS_INCOMPLETE][SETS_INCONSISTENT], 1);
    assert_string_equal(turns_of(told.sets.stopped), "2 0 0");
    workshop_close(workshop);
}

static void
only_sets_with_a_report_of_the_span_in_force_count(void **state)
{
    struct workshop *workshop = workshop_open();
    static const struct {
        const char *name;
        instant     from;
        instant     to;
        size_t      sets;
    } cases[] = {
        {"ends before",      CAME - DAY, CAME,       0},
        {"ends just behind", CAME - DAY, CAME + 1,   1},
        {"begins with it",   CAME,       CAME + DAY, 1},
        {"begins behind",    CAME + 1,   CAME + DAY, 0},
        {"is empty",         CAME,       CAME,       0},
    };

    (void)state;
    int64_t jst = file_jst(workshop, JST, 100, 100);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct backtest_tally told = run(workshop, &stricter, cases[i].from, cases[i].to);
        EXPECT(told.sets.sets == cases[i].sets, cases[i].name);
        EXPECT(told.sets.reports == 2 * cases[i].sets, cases[i].name);
        EXPECT((told.code_count > 0) == (cases[i].sets > 0), cases[i].name);
    }
    /* The correction is what is judged: the rule in force finds a złoty, the draft nothing. */
    const struct quarter mended = {JST, false, 1, 101};
    sent++;
    (void)workshop_send(workshop, jst, sent, "mended",
                        quarter_package(kept, judging_authority(), &mended));
    struct backtest_tally told = run_day(workshop, &stricter);
    assert_int_equal(told.sets.reports, 2);
    assert_string_equal(turns_of(rule_of(&told, CODE).turns), "0 1 0");
    workshop_run(workshop, "SET session_replication_role = replica;"
                           " UPDATE intake.report SET in_force = NULL");
    told = run_day(workshop, &stricter);
    assert_int_equal(told.sets.sets, 0);
    workshop_close(workshop);
}

/* Copies of a unit and of what it has filed, by SQL alone; of a unit below a JST in that one's
 * sets, of a JST in sets of their own. */
static void
copy_unit(const struct workshop *workshop, int64_t unit, bool below, int copies)
{
    workshop_run(
        workshop,
        str_format(kept,
                   "SET session_replication_role = replica;"
                   " CREATE TEMPORARY TABLE copied AS SELECT %lld::bigint AS unit, i"
                   "  FROM generate_series(1, %d) i;"
                   " INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name,"
                   "  parent, valid_from, since) OVERRIDING SYSTEM VALUE"
                   " SELECT 1000000 + i, lpad(i::text, 9, '0'), wk, pk, gk, gt, pt, type, kind,"
                   "  name, parent, valid_from, since FROM registry.unit JOIN copied USING (unit);"
                   " INSERT INTO intake.line SELECT (jsonb_populate_record(l, jsonb_build_object("
                   "  'report', l.report + 1000000 * i))).* FROM intake.line l JOIN intake.report r"
                   "  USING (report) JOIN copied USING (unit);"
                   " INSERT INTO intake.set_member SELECT CASE WHEN %s THEN m.jst ELSE 1000000 + i"
                   "  END, m.period_end, m.period_type, m.report + 1000000 * i"
                   "  FROM intake.set_member m JOIN intake.report r USING (report)"
                   "  JOIN copied USING (unit);"
                   " INSERT INTO intake.report SELECT (jsonb_populate_record(r, jsonb_build_object("
                   "  'report', r.report + 1000000 * i, 'unit', 1000000 + i))).*"
                   "  FROM intake.report r JOIN copied USING (unit)",
                   (long long)unit, copies, below ? "true" : "false")
            .data);
}

/* They are looked at sixteen at a time. */
static void
every_set_is_judged_once_however_many_there_are(void **state)
{
    static const int copies[] = {14, 15, 16, 31, 32};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(copies); i++) {
        struct workshop *workshop = workshop_open();
        int64_t          jst = file_jst(workshop, JST, 100, 100);
        copy_unit(workshop, jst, false, copies[i]);
        struct backtest_tally told = run_day(workshop, &stricter);
        struct backtest_code  rule = rule_of(&told, CODE);
        EXPECT(told.sets.sets == (uint64_t)copies[i] + 1, "sets");
        EXPECT(rule.turns[BACKTEST_NEW] == (uint64_t)copies[i] + 1, "turned");
        EXPECT(told.sets.stopped[BACKTEST_NEW] == 2 * ((uint64_t)copies[i] + 1), "reports");
        workshop_close(workshop);
    }
}

/* Sets of units are read sixty-four at a time, with the set of their JST. */
static void
every_unit_of_a_jst_has_a_set_of_its_own(void **state)
{
    static const int copies[] = {0, 61, 62, 63, 126, 127};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(copies); i++) {
        struct workshop *workshop = workshop_open();
        int64_t          jst = workshop_jst(workshop, draft_regon(kept, JST), "Gmina");
        int64_t          unit = file_school(workshop, jst);
        assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.report_set"), 2);
        copy_unit(workshop, unit, true, copies[i]);
        struct backtest_tally told = run_day(workshop, &stricter);
        struct backtest_code  rule = rule_of(&told, "ZESTAW-043");
        EXPECT(told.sets.unread == 0, "unread");
        EXPECT(told.sets.sets == (uint64_t)copies[i] + 2, "sets");
        EXPECT(told.sets.reports == 2 * ((uint64_t)copies[i] + 1), "reports");
        EXPECT(rule.sets == (uint64_t)copies[i] + 1, "of units");
        EXPECT(rule.outcomes[BACKTEST_PENDING] == (uint64_t)copies[i] + 1, "nothing before it");
        workshop_close(workshop);
    }
}

static void
set_that_cannot_be_compared_is_counted_as_such(void **state)
{
    struct workshop *workshop = workshop_open();
    static const struct {
        const char *name;
        const char *sql;
        size_t      sets;
        size_t      unread;
    } cases[] = {
        {"as it is",                      "SELECT",                                      1, 0},
        {"a line less than the limit",    "SET row_count = 499999 WHERE form = 'RB27S'", 1, 0},
        {"a line more",                   "SET row_count = 500000 WHERE form = 'RB27S'", 0, 1},
        {"of a form that nobody knows",   "SET row_count = 1, form_version = '1900-1'",  0, 1},
        {"of a period that nobody knows", "SET period_number = 9",                       0, 1},
    };

    (void)state;
    (void)file_jst(workshop, JST, 100, 100);
    workshop_run(workshop, "SET session_replication_role = replica;"
                           " UPDATE intake.report SET row_count = 1 WHERE form = 'RBNDS'");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        workshop_run(workshop, str_format(kept, "SET session_replication_role = replica; %s%s",
                                          i == 0 ? "" : "UPDATE intake.report ", cases[i].sql)
                                   .data);
        struct backtest_tally told = run_day(workshop, &stricter);
        EXPECT(told.sets.sets == cases[i].sets, cases[i].name);
        EXPECT(told.sets.unread == cases[i].unread, cases[i].name);
    }
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_set_turns_and_another_does_not),
        cmocka_unit_test(sets_and_their_states_are_those_of_the_gateway),
        cmocka_unit_test(strict_would_stop_what_the_rule_reads_alone),
        cmocka_unit_test(what_a_draft_says_is_told_by_its_severity),
        cmocka_unit_test(what_is_switched_off_is_off_for_the_rules_in_force_alone),
        cmocka_unit_test(only_sets_with_a_report_of_the_span_in_force_count),
        cmocka_unit_test(every_set_is_judged_once_however_many_there_are),
        cmocka_unit_test(every_unit_of_a_jst_has_a_set_of_its_own),
        cmocka_unit_test(set_that_cannot_be_compared_is_counted_as_such),
    };

    return cmocka_run_group_tests(tests, start, trial_stop);
}
