#include "tests/support/expect.h"
#include "tests/support/sketch.h"
#include "validators/decision/docket.h"

#include <string.h>

#define WORDS .title = STR("t {found}"), .fix = STR("f"), .basis = STR("b"), .applies_count = 1

/* One entry for every effect that a finding can have. */
struct effects {
    struct applies    applies[6];
    struct rule_entry entries[6];
    struct catalogue  catalogue;
};

static void
fill_effects(struct effects *effects)
{
    static const char *const codes[] = {"E-001", "H-001", "P-001", "Q-001", "U-001", "X-001"};
    const struct applies     applies[] = {
            {.severity = SEVERITY_ERROR   },
            {                         .severity = SEVERITY_INFO,          .has_verdict = true, .verdict = VERDICT_HELD},
            {  .severity = SEVERITY_PROPOSED},
            {                       .severity = SEVERITY_QUERY                            },
            { .severity = SEVERITY_INFO, .has_verdict = true, .verdict = VERDICT_UNDECIDED},
            {                         .severity = SEVERITY_ERROR,     .levels = STR("nowhere")},
    };

    for (size_t i = 0; i < ARRAY_COUNT(applies); i++) {
        effects->applies[i] = applies[i];
        effects->entries[i] =
            (struct rule_entry){.code = str_of(codes[i]), .applies = &effects->applies[i], WORDS};
    }
    effects->catalogue =
        (struct catalogue){.entries = effects->entries, .entry_count = ARRAY_COUNT(applies)};
}

static const struct {
    const char  *name;
    const char  *codes; /* first letters of the codes, in the order of entering */
    enum verdict verdict;
    const char  *listed; /* first letters, as shown */
    size_t       proposed;
} cases[] = {
    {"nothing",                     "",     VERDICT_ACCEPTED,  "",     0},
    {"a query is accepted",         "Q",    VERDICT_ACCEPTED,  "Q",    0},
    {"proposed is only counted",    "PP",   VERDICT_ACCEPTED,  "",     2},
    {"switched off",                "X",    VERDICT_ACCEPTED,  "",     0},
    {"held",                        "H",    VERDICT_HELD,      "H",    0},
    {"undecided",                   "U",    VERDICT_UNDECIDED, "U",    0},
    {"undecided beats held",        "HU",   VERDICT_UNDECIDED, "HU",   0},
    {"an error beats all",          "UHE",  VERDICT_REJECTED,  "EHU",  0},
    {"the most severe comes first", "QUEQ", VERDICT_REJECTED,  "EQQU", 0},
};

static void
enter(struct docket *docket, char letter, uint32_t offset)
{
    struct finding finding = {.report = 0, .offset = offset, .found = STR("x")};
    struct fault   fault = {0};

    (void)snprintf(finding.code, sizeof finding.code, "%c-001", letter);
    assert_int_equal(docket_add(docket, &finding, &fault), ERR_OK);
}

static void
a_verdict_follows_from_all_findings(void **state)
{
    struct effects effects = {0};

    (void)state;
    fill_effects(&effects);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena      *arena = arena_create(1 << 20);
        struct docket      docket = {.arena = arena, .catalogue = &effects.catalogue};
        struct place_index places = {0};
        struct told_list   list = {0};
        struct str         reason = {0};
        struct fault       fault = {0};
        for (size_t j = 0; cases[i].codes[j] != '\0'; j++) {
            enter(&docket, cases[i].codes[j], 0);
        }
        EXPECT(docket_verdict(&docket) == cases[i].verdict, cases[i].name);
        EXPECT(place_index_create(arena, STR("abc"), &places, &fault) == ERR_OK, cases[i].name);
        EXPECT(docket_close(&docket, &places, 100, &list, &reason, &fault) == ERR_OK,
               cases[i].name);
        EXPECT(list.count == strlen(cases[i].listed), cases[i].name);
        EXPECT(list.proposed == cases[i].proposed, cases[i].name);
        for (size_t j = 0; j < list.count; j++) {
            EXPECT(list.items[j].finding.code[0] == cases[i].listed[j], cases[i].name);
        }
        bool explained = cases[i].verdict == VERDICT_HELD || cases[i].verdict == VERDICT_UNDECIDED;
        EXPECT(str_equal(reason, explained ? STR("t x") : STR("")), cases[i].name);
        arena_destroy(arena);
    }
}

/* Findings by cell and difference, and what is told of each, in the order of entering. */
static const struct {
    const char *name;
    const char *cells;
    const char *differences[4];
    uint32_t    repeats[4];
} repeated[] = {
    {"three cells, and one alone",    "abcd", {"5,00", "5,00", "6,00", "5,00"}, {3, 3, 1, 3}},
    {"two rules on one cell are one", "aabb", {"5,00", "5,00", "5,00", "6,00"}, {2, 2, 2, 1}},
    {"a cell alone",                  "aa",   {"5,00", "5,00", NULL, NULL},     {1, 1, 0, 0}},
    {"no difference",                 "abc",  {"", "", "5,00", NULL},           {0, 0, 1, 0}},
    {"none at all is no amount",      "abc",  {"0,00", "0,00", "0,01", NULL},   {0, 0, 1, 0}},
};

static void
a_difference_that_repeats_is_counted_by_cells(void **state)
{
    struct effects effects = {0};

    (void)state;
    fill_effects(&effects);
    for (size_t i = 0; i < ARRAY_COUNT(repeated); i++) {
        struct arena      *arena = arena_create(1 << 20);
        struct docket      docket = {.arena = arena, .catalogue = &effects.catalogue};
        struct place_index places = {0};
        struct told_list   list = {0};
        struct str         reason = {0};
        struct fault       fault = {0};
        for (uint32_t j = 0; j < strlen(repeated[i].cells); j++) {
            struct finding finding = {
                .code = "E-001",
                .offset = j,
                .cell = {repeated[i].cells + j, 1},
                .difference = str_of(repeated[i].differences[j])
            };
            EXPECT(docket_add(&docket, &finding, &fault) == ERR_OK, repeated[i].name);
        }
        EXPECT(place_index_create(arena, STR("abcd"), &places, &fault) == ERR_OK, fault.text);
        /* What is not listed counts all the same. */
        EXPECT(docket_close(&docket, &places, 1, &list, &reason, &fault) == ERR_OK, fault.text);
        EXPECT(list.count == 1 && list.items[0].repeats == repeated[i].repeats[0],
               repeated[i].name);
        for (size_t j = 0; j < docket.count; j++) {
            EXPECT(docket.items[j].repeats == repeated[i].repeats[docket.items[j].finding.offset],
                   repeated[i].name);
        }
        arena_destroy(arena);
    }
}

/* The reason of a held report names every signature that it waits for, the list of findings too. */
static void
a_held_report_names_all_that_it_waits_for(void **state)
{
    static const char *const roles[] = {"główny księgowy", "kierownik jednostki", "skarbnik"};
    struct effects           effects = {0};
    struct arena            *arena = arena_create(1 << 20);
    struct docket            docket = {.arena = arena, .catalogue = &effects.catalogue};
    struct place_index       places = {0};
    struct told_list         list = {0};
    struct str               reason = {0};
    struct fault             fault = {0};

    (void)state;
    fill_effects(&effects);
    effects.entries[1].title = STR("brakuje: {expected}");
    assert_int_equal(place_index_create(arena, STR("abc"), &places, &fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(roles); i++) {
        struct finding finding = {.code = "H-001", .expected = str_of(roles[i])};
        finding.found = str_format(arena, "%zu", i);
        assert_int_equal(docket_add(&docket, &finding, &fault), ERR_OK);
    }
    enter(&docket, 'Q', 1);
    assert_int_equal(docket_close(&docket, &places, 100, &list, &reason, &fault), ERR_OK);
    assert_true(str_equal(reason, STR("brakuje: główny księgowy, kierownik jednostki, skarbnik")));
    assert_int_equal(list.count, ARRAY_COUNT(roles) + 1);
    assert_true(str_equal(list.items[1].title, STR("brakuje: główny księgowy")));
    arena_destroy(arena);
}

static void
the_list_is_cut_but_not_the_verdict(void **state)
{
    struct effects     effects = {0};
    struct arena      *arena = arena_create(1 << 20);
    struct place_index places = {0};
    struct fault       fault = {0};

    (void)state;
    fill_effects(&effects);
    assert_int_equal(place_index_create(arena, STR("abc"), &places, &fault), ERR_OK);
    for (size_t room = 1; room <= 3; room++) {
        struct docket    docket = {.arena = arena, .catalogue = &effects.catalogue};
        struct told_list list = {0};
        struct str       reason = {0};
        enter(&docket, 'Q', 2);
        enter(&docket, 'Q', 1);
        enter(&docket, 'E', 3);
        assert_int_equal(docket_close(&docket, &places, room, &list, &reason, &fault), ERR_OK);
        assert_int_equal(list.count, room);
        assert_int_equal(list.cut, 3 - room);
        assert_int_equal(list.items[0].finding.code[0], 'E');
        assert_int_equal(list.items[0].column, 4);
        assert_int_equal(docket_verdict(&docket), VERDICT_REJECTED);
    }
    arena_destroy(arena);
}

/* What the definition of the form says counts unless it is only a model; all else counts always. */
static const struct {
    const char  *name;
    const char  *codes; /* F: a rule of the form, S: of a schema, E: any other, M: only a model */
    uint32_t     offset;
    enum verdict verdict;
} models[] = {
    {"a rule of a form rejects",                 "F",   20, VERDICT_REJECTED },
    {"a rule of a model decides nothing",        "FM",  20, VERDICT_UNDECIDED},
    {"in whatever order they come",              "MF",  20, VERDICT_UNDECIDED},
    {"the schema of a form rejects",             "S",   20, VERDICT_REJECTED },
    {"the schema of a model decides nothing",    "MS",  20, VERDICT_UNDECIDED},
    {"at the first byte of the report",          "MS",  10, VERDICT_UNDECIDED},
    {"a byte before it the package is broken",   "MS",  9,  VERDICT_REJECTED },
    {"at the last byte of the report",           "MS",  29, VERDICT_UNDECIDED},
    {"behind it the package is broken",          "MS",  30, VERDICT_REJECTED },
    {"another error rejects the same",           "ME",  20, VERDICT_REJECTED },
    {"beside what the model says",               "MFE", 20, VERDICT_REJECTED },
    {"undecided for another reason is no model", "UF",  20, VERDICT_REJECTED },
};

static void
what_a_model_finds_wrong_decides_nothing(void **state)
{
    static const struct applies    error = {.severity = SEVERITY_ERROR};
    static const struct applies    open = {.severity = SEVERITY_WARNING, .has_verdict = true};
    static const struct rule_entry entries[] = {
        {.code = STR_INIT("E-001"),
         .form = ENTRY_OF_NO_FORM,
         .applies = &error,
         .applies_count = 1                                                                                                          },
        {.code = STR_INIT("F-001"),           .form = 0, .applies = &error,                       .applies_count = 1                 },
        {.code = STR_INIT(DOCKET_CODE_MODEL),
         .form = ENTRY_OF_NO_FORM,
         .applies = &open,
         .applies_count = 1                                                                                                          },
        {.code = STR_INIT("S-001"),
         .form = ENTRY_OF_NO_FORM,
         .applies = &error,
         .applies_count = 1,
         .of_schema = true},
        {.code = STR_INIT("U-001"),                                   .form = ENTRY_OF_NO_FORM,                    .applies = &open, .applies_count = 1},
    };
    static const struct catalogue catalogue = {.entries = entries,
                                               .entry_count = ARRAY_COUNT(entries)};
    static const struct report    report = {.start = 10, .end = 30};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(models); i++) {
        struct arena *arena = arena_create(1 << 20);
        struct docket docket = {.arena = arena, .catalogue = &catalogue, .report = &report};
        for (const char *letter = models[i].codes; *letter != '\0'; letter++) {
            struct finding finding = {.offset = models[i].offset};
            struct fault   fault = {0};
            if (*letter == 'M') {
                (void)snprintf(finding.code, sizeof finding.code, "%s", DOCKET_CODE_MODEL);
            } else {
                (void)snprintf(finding.code, sizeof finding.code, "%c-001", *letter);
            }
            EXPECT(docket_add(&docket, &finding, &fault) == ERR_OK, fault.text);
        }
        EXPECT(docket_verdict(&docket) == models[i].verdict, models[i].name);
        EXPECT(docket.count == strlen(models[i].codes), models[i].name);
        arena_destroy(arena);
    }
}

static void
a_code_without_texts_is_an_error_of_ours(void **state)
{
    struct effects effects = {0};
    struct arena  *arena = arena_create(1 << 16);
    struct docket  docket = {.arena = arena, .catalogue = &effects.catalogue};
    struct finding finding = {.code = "Z-001"};
    struct fault   fault = {0};

    (void)state;
    fill_effects(&effects);
    assert_int_equal(docket_add(&docket, &finding, &fault), ERR_CATALOGUE);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_follows_from_all_findings),
        cmocka_unit_test(a_difference_that_repeats_is_counted_by_cells),
        cmocka_unit_test(a_held_report_names_all_that_it_waits_for),
        cmocka_unit_test(the_list_is_cut_but_not_the_verdict),
        cmocka_unit_test(what_a_model_finds_wrong_decides_nothing),
        cmocka_unit_test(a_code_without_texts_is_an_error_of_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
