#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/maker.h"
#include "validators/decision/registration.h"

#include <string.h>

enum { ROOM = 64 << 20, UNITS = 3 };

static struct str
make_package(struct arena *arena, const char *wrong)
{
    const struct maker_options options = {
        .units = UNITS, .rows = 3, .forms = MAKER_RB27S, .fault = wrong};
    struct str   bytes = {0};
    struct fault fault = {0};

    ENSURE(maker_package(arena, &options, judging_authority(), &bytes, &fault) == ERR_OK);
    return bytes;
}

static const struct {
    const char            *name;
    enum decision_standing standing; /* of the second unit of three */
    const char            *code;     /* told at its report; NULL: nothing */
    enum severity          severity;
    enum verdict           verdict;
} cases[] = {
    {"a known unit is judged as ever",       DECISION_UNIT_GOOD,      NULL,                        SEVERITY_OFF,   VERDICT_ACCEPTED },
    {"an unknown unit is undecided",         DECISION_UNIT_UNKNOWN,   REGISTRATION_CODE_UNKNOWN,
     SEVERITY_WARNING,                                                                                             VERDICT_UNDECIDED},
    {"another unit's REGON is rejected",     DECISION_UNIT_DIFFERS,   REGISTRATION_CODE_DIFFERS,
     SEVERITY_ERROR,                                                                                               VERDICT_REJECTED },
    {"a closed unit is asked, not rejected", DECISION_UNIT_CLOSED,    REGISTRATION_CODE_CLOSED,
     SEVERITY_QUERY,                                                                                               VERDICT_ACCEPTED },
    {"a succeeded unit is rejected",         DECISION_UNIT_SUCCEEDED, REGISTRATION_CODE_SUCCEEDED,
     SEVERITY_ERROR,                                                                                               VERDICT_REJECTED },
    {"a foreign unit is rejected",           DECISION_UNIT_FOREIGN,   REGISTRATION_CODE_FOREIGN,   SEVERITY_ERROR,
     VERDICT_REJECTED                                                                                                               },
};

static void
a_units_standing_decides_about_its_reports_alone(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct str    file = make_package(arena, NULL);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct decision_unit units[UNITS] = {
            {.standing = DECISION_UNIT_GOOD},
            {.standing = cases[i].standing,  .registered = STR("JB, 99/01/01/1/9")},
            {.standing = DECISION_UNIT_GOOD                             }
        };
        const struct decided_file   *decided = judging_decide_registered(arena, file, units);
        const struct decided_report *report = &decided->reports[1];
        const char                  *code = cases[i].code == NULL ? "" : cases[i].code;
        const struct told           *told = judging_told(&report->findings, code);
        EXPECT(decided->report_count == UNITS, cases[i].name);
        EXPECT(report->verdict == cases[i].verdict, cases[i].name);
        EXPECT((told != NULL) == (cases[i].code != NULL), cases[i].name);
        EXPECT(told == NULL || told->severity == cases[i].severity, cases[i].name);
        EXPECT(decided->reports[0].verdict == VERDICT_ACCEPTED, cases[i].name);
        EXPECT(decided->reports[2].verdict == VERDICT_ACCEPTED, cases[i].name);
        EXPECT(judging_told(&decided->reports[0].findings, code) == NULL, cases[i].name);
        EXPECT(judging_told(&decided->findings, "TOZSAMOSC-007") == NULL, cases[i].name);
    }
    arena_destroy(arena);
}

static void
texts_name_the_regon_and_what_is_registered(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    struct str                 file = make_package(arena, NULL);
    const struct decision_unit units[UNITS] = {
        {.standing = DECISION_UNIT_DIFFERS, .registered = STR("JB, 99/01/01/1/9")},
        {.standing = DECISION_UNIT_UNKNOWN                                },
        {.standing = DECISION_UNIT_FOREIGN}
    };
    const struct decided_file *decided = judging_decide_registered(arena, file, units);
    const struct told         *told =
        judging_told(&decided->reports[0].findings, REGISTRATION_CODE_DIFFERS);

    (void)state;
    assert_non_null(told);
    assert_true(str_starts_with(told->title, STR("REGON ")));
    assert_true(str_equal(str_slice(told->title, 6, 9), decided->reports[0].unit_regon));
    assert_non_null(strstr(told->title.data, "w pliku JB, 99/"));
    assert_non_null(strstr(told->title.data, "w rejestrze JB, 99/01/01/1/9"));
    assert_true(str_ends_with(told->finding.xpath, STR("Jednostka[1]/Regon")));
    assert_true(str_equal(str_slice(file, told->finding.offset, 7), STR("<Regon>")));
    assert_non_null(strstr(decided->reports[1].reason.data, "jednostka nieznana"));
    assert_int_equal(decided->verdict, VERDICT_REJECTED);
    arena_destroy(arena);
}

static void
a_regon_that_cannot_be_is_not_called_unknown(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    struct str                 file = make_package(arena, "regon-check-digit");
    const struct decision_unit units[UNITS] = {{.standing = DECISION_UNIT_UNKNOWN}};
    const struct decided_file *decided = judging_decide_registered(arena, file, units);
    size_t                     wrong = 0;

    (void)state;
    for (size_t i = 0; i < decided->report_count; i++) {
        const struct told_list *list = &decided->reports[i].findings;
        bool                    is_wrong = judging_told(list, "TOZSAMOSC-002") != NULL;
        wrong += is_wrong ? 1 : 0;
        assert_int_equal(judging_told(list, REGISTRATION_CODE_UNKNOWN) == NULL, is_wrong);
    }
    assert_true(wrong > 0);
    arena_destroy(arena);
}

static void
without_a_registry_only_an_info_is_said(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    struct str                 file = make_package(arena, NULL);
    const struct decided_file *decided = judging_decide_registered(arena, file, NULL);

    (void)state;
    assert_int_equal(decided->verdict, VERDICT_ACCEPTED);
    assert_non_null(judging_told(&decided->findings, "TOZSAMOSC-007"));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_units_standing_decides_about_its_reports_alone),
        cmocka_unit_test(texts_name_the_regon_and_what_is_registered),
        cmocka_unit_test(a_regon_that_cannot_be_is_not_called_unknown),
        cmocka_unit_test(without_a_registry_only_an_info_is_said),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}
