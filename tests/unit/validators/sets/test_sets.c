#include "tests/support/expect.h"
#include "tests/unit/validators/sets/seen.h"
#include "tests/unit/validators/sets/sheaf.h"
#include "validators/sets/scheme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sheaf sheaf;

static int
set_up(void **state)
{
    (void)state;
    sheaf = sheaf_open();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_destroy(sheaf.arena);
    return 0;
}

/* A report of the JST itself for the second quarter of 2026. */
static struct sets_report
own(const char *element, const char *rows)
{
    struct sheaf_place place = {"zbiorcze", sheaf_quarter(&sheaf, 2026, 2), "J"};

    return sheaf_report(&sheaf, element, &place, rows);
}

static struct sets_report
of_unit(const char *element, const char *unit, const char *rows)
{
    struct sheaf_place place = {"jednostkowe", sheaf_quarter(&sheaf, 2026, 2), unit};

    return sheaf_report(&sheaf, element, &place, rows);
}

static struct sets_judgement
judge(const struct sets_report *reports, size_t count, bool awaited_known)
{
    struct sets_judgement judgement = {0};
    struct sets_facts     facts = {
            .key = {SETS_OF_JST, sheaf_quarter(&sheaf, 2026, 2)},
            .reports = reports,
            .report_count = count,
            .awaited_known = awaited_known,
            .environment = ENVIRONMENT_TEST,
            .seed = 7,
    };

    assert_int_equal(sets_judge(sheaf.arena, sheaf.sets, &facts, &judgement, NULL), ERR_OK);
    return judgement;
}

static void
totals_that_agree_hold(void **state)
{
    const struct sets_report reports[] = {
        own("Rb-nds", "Symbol=A P=3.00 W=2.00"),
        own("Rb-27s", "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 PL=1.00 DW=2.00|"
                      "Dzial=801 Rozdzial=80101 Paragraf=083 P4=0 PL=2.00"),
    };
    struct sets_judgement judgement = judge(reports, 2, true);

    (void)state;
    assert_int_equal(sheaf_answer(&judgement, "ZESTAW-001")->outcome, SETS_HOLDS);
    assert_int_equal(sheaf_answer(&judgement, "ZESTAW-001")->compared, 2);
}

static void
a_total_that_differs_charges_the_report_and_names_the_cell(void **state)
{
    const struct sets_report reports[] = {
        own("Rb-27s", "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 PL=1.00 DW=2.00"),
        own("Rb-nds", "Symbol=B W=9.00|Symbol=A P=3.00 W=2.00"),
    };
    struct sets_judgement      judgement = judge(reports, 2, true);
    const struct sets_finding *finding = NULL;

    (void)state;
    assert_int_equal(judgement.state, SETS_INCONSISTENT);
    assert_int_equal(sheaf_answer(&judgement, "ZESTAW-001")->outcome, SETS_FAILS);
    for (size_t i = 0; i < judgement.finding_count; i++) {
        if (strcmp(judgement.findings[i].finding.code, "ZESTAW-001") == 0) {
            assert_null(finding);
            finding = &judgement.findings[i];
        }
    }
    assert_non_null(finding);
    assert_int_equal(finding->report, 1);
    assert_int_equal(finding->row, 1);
    assert_true(str_equal(finding->column, STR("P")));
    assert_true(str_equal(finding->finding.found, STR("3,00")));
    assert_true(str_equal(finding->finding.expected, STR("1,00")));
    assert_true(str_equal(finding->finding.difference, STR("2,00")));
    assert_true(str_starts_with(finding->finding.cell, STR("wiersz A")));
    assert_int_equal(finding->contributor_total, 1);
    assert_int_equal(finding->contributors[0].report, 0);
    assert_true(finding->contributors[0].amount == 100);
}

static void
a_missing_side_never_passes(void **state)
{
    const struct sets_report reports[] = {
        own("Rb-nds", "Symbol=A P=0.00"),
    };
    struct sets_judgement     judgement = judge(reports, 1, false);
    const struct sets_answer *answer = sheaf_answer(&judgement, "ZESTAW-001");

    (void)state;
    assert_int_equal(answer->outcome, SETS_PENDING);
    assert_int_equal(answer->missing_count, 1);
    assert_true(str_equal(answer->missing[0].operand->title, STR("Rb-27S")));
    assert_int_equal(judgement.state, SETS_INCOMPLETE);
    judgement = judge(reports, 1, true);
    assert_int_equal(sheaf_answer(&judgement, "ZESTAW-001")->outcome, SETS_IDLE);
    assert_int_equal(judgement.state, SETS_INCOMPLETE); /* nothing was compared */
}

static void
lines_that_were_not_fetched_are_not_evaluated(void **state)
{
    struct sets_report reports[] = {
        own("Rb-nds", "Symbol=A P=1.00"),
        own("Rb-27s", ""),
    };

    (void)state;
    reports[1].columns = NULL;
    struct sets_judgement judgement = judge(reports, 2, true);
    assert_int_equal(sheaf_answer(&judgement, "ZESTAW-001")->outcome, SETS_NOT_EVALUATED);
    assert_int_equal(judgement.state, SETS_INCOMPLETE);
}

static void
a_report_touches_the_sets_that_read_it(void **state)
{
    struct sets_key keys[SETS_TOUCHED_MAX];
    struct period   period = sheaf_quarter(&sheaf, 2026, 2);
    size_t          count = sets_touched(sheaf.sets, STR("RBNDS"), STR("zbiorcze"), &period, keys);

    (void)state;
    assert_true(count >= 1);
    assert_int_equal(keys[0].scope, SETS_OF_JST);
    assert_int_equal(keys[0].period.number, 2);
    assert_int_equal(sets_touched(sheaf.sets, STR("RBNDS"), STR("nieznany"), &period, keys), 0);
}

static struct str
digest_of(const struct sets_judgement *judgement, const struct sets_report *reports)
{
    struct buf text = buf_create(sheaf.arena, 1 << 20);

    seen_write(&text, judgement, reports);
    assert_true(buf_ok(&text));
    return buf_str(&text);
}

#define SCHOOL "Dzial=801 Rozdzial=80101 Paragraf=421 P4=0 "
#define OFFICE "Dzial=750 Rozdzial=75023 Paragraf=401 P4=0 "

/* The same facts in a shuffled order, many times; a linear generator, so that it can be repeated.
 */
static void
any_order_of_the_reports_gives_the_same_answer(void **state)
{
    struct sets_report reports[] = {
        own("Rb-nds", "Symbol=A P=3.00 W=2.00|Symbol=B P=9.00 W=1.00"),
        own("Rb-27s", "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 PL=1.00 DW=2.00"),
        own("Rb-28s", SCHOOL "PL=4.00 WW=2.00|" OFFICE "PL=5.00 WW=5.00"),
        of_unit("Rb-28s", "3", SCHOOL "PL=2.00 WW=1.00"),
        of_unit("Rb-28s", "1", SCHOOL "PL=2.00 WW=1.00|" OFFICE "PL=5.00"),
        of_unit("Rb-28s", "2", SCHOOL "PL=2.00 WW=1.00"),
        own("Rb-27zz", "Dzial=750 Rozdzial=75011 Paragraf=069 P4=0 DP=1.00"),
        own("Rb-27zz", "Dzial=750 Rozdzial=75011 Paragraf=069 P4=0 DP=2.00"),
    };
    struct sets_awaited awaited[] = {
        {STR("RB27S"), STR("jednostkowe"), sheaf_quarter(&sheaf, 2026, 2), STR("2"), STR("Dwa")  },
        {STR("RB27S"), STR("jednostkowe"), sheaf_quarter(&sheaf, 2026, 2), STR("1"), STR("Jeden")},
    };
    struct sets_facts facts = {
        .key = {SETS_OF_JST, sheaf_quarter(&sheaf, 2026, 2)},
        .reports = reports,
        .report_count = ARRAY_COUNT(reports),
        .awaited = awaited,
        .awaited_count = ARRAY_COUNT(awaited),
        .awaited_known = true,
        .environment = ENVIRONMENT_TEST
    };
    struct sets_judgement judgement = {0};
    uint32_t              random = 12345;
    struct str            first = {0};

    (void)state;
    reports[6].variant = STR("b");
    reports[7].variant = STR("a");
    for (int round = 0; round < 200; round++) {
        facts.seed = (uint64_t)round;
        assert_int_equal(sets_judge(sheaf.arena, sheaf.sets, &facts, &judgement, NULL), ERR_OK);
        struct str digest = digest_of(&judgement, reports);
        first = round == 0 ? digest : first;
        if (!str_equal(digest, first)) {
            fail_msg("round %d:\n%.*s\nnot\n%.*s", round, STR_ARG(digest), STR_ARG(first));
        }
        for (size_t i = ARRAY_COUNT(reports) - 1; i > 0; i--) {
            random = random * 1103515245U + 12345U;
            size_t             other = (random >> 16) % (i + 1);
            struct sets_report held = reports[i];
            reports[i] = reports[other];
            reports[other] = held;
        }
        struct sets_awaited held = awaited[0];
        awaited[0] = awaited[1];
        awaited[1] = held;
    }
    assert_int_equal(judgement.state, SETS_INCONSISTENT);
    assert_int_equal(sheaf_answer(&judgement, "ZESTAW-026")->outcome, SETS_FAILS);
}

static void
a_sum_of_units_lists_the_largest_first_and_at_most_ten(void **state)
{
    static const char *const units[] = {"01", "02", "03", "04", "05", "06",
                                        "07", "08", "09", "10", "11", "12"};
    struct sets_report       reports[ARRAY_COUNT(units) + 1];
    char                     rows[100];

    (void)state;
    reports[0] = own("Rb-28s", SCHOOL "PL=1.00");
    for (int i = 0; i < (int)ARRAY_COUNT(units); i++) {
        (void)snprintf(rows, sizeof rows, SCHOOL "PL=%d.00", i + 1);
        reports[i + 1] = of_unit("Rb-28s", units[i], rows);
    }
    struct sets_judgement      judgement = judge(reports, ARRAY_COUNT(reports), true);
    const struct sets_finding *finding = &judgement.findings[0];

    assert_int_equal(judgement.finding_count, 1);
    assert_string_equal(finding->finding.code, "ZESTAW-026");
    assert_true(str_equal(finding->finding.expected, STR("78,00")));
    assert_int_equal(finding->contributor_total, 12);
    assert_int_equal(finding->contributor_count, SETS_CONTRIBUTORS_MAX);
    for (size_t i = 0; i < SETS_CONTRIBUTORS_MAX; i++) {
        assert_int_equal(finding->contributors[i].report, 12 - i);
        assert_true(finding->contributors[i].amount == (amount_wide)(12 - i) * 100);
    }
    assert_true(finding->contributor_rest == 300);
}

static const struct sets_finding *
finding_of(const struct sets_judgement *judgement, const char *code)
{
    for (size_t i = 0; i < judgement->finding_count; i++) {
        if (strcmp(judgement->findings[i].finding.code, code) == 0) {
            return &judgement->findings[i];
        }
    }
    fail_msg("no finding of %s", code);
    return NULL;
}

/* What was and is no more counts against what is. */
static void
what_is_taken_off_is_listed_with_a_minus(void **state)
{
    const struct sheaf_place now = {"łączne", sheaf_quarter(&sheaf, 2026, 2), "J"};
    const struct sheaf_place then = {"łączne", sheaf_quarter(&sheaf, 2025, 4), "J"};
    const struct sets_report reports[] = {
        own("Rb-nds", "Symbol=D11 W=9.00"),
        sheaf_report(&sheaf, "Rb-z", &then, "Symbol=E1 K2=2.00|Symbol=E2 K2=5.00"),
        sheaf_report(&sheaf, "Rb-z", &now, "Symbol=E1 K2=4.00|Symbol=E2 K2=6.00"),
    };
    struct sets_judgement      judgement = judge(reports, ARRAY_COUNT(reports), true);
    const struct sets_finding *finding = finding_of(&judgement, "ZESTAW-017");

    (void)state;
    assert_true(str_equal(finding->finding.expected, STR("3,00")));
    assert_int_equal(finding->contributor_total, 2);
    assert_int_equal(finding->contributors[0].report, 2);
    assert_true(finding->contributors[0].amount == 1000);
    assert_int_equal(finding->contributors[1].report, 1);
    assert_true(finding->contributors[1].amount == -700);
}

/* One report adds and takes off: what is left of both. */
static void
report_that_stands_on_both_sides_of_a_sign_is_listed_once(void **state)
{
    const struct sheaf_place place = {"łączne", sheaf_quarter(&sheaf, 2026, 2), "J"};
    const struct sets_report reports[] = {
        sheaf_report(&sheaf, "Rb-n", &place, "Symbol=N5 K2=9.00"),
        own("Rb-27s", "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 NO=4.00 NZ=1.00"),
    };
    struct sets_judgement      judgement = judge(reports, ARRAY_COUNT(reports), true);
    const struct sets_finding *finding = finding_of(&judgement, "ZESTAW-028");

    (void)state;
    assert_int_equal(finding->contributor_total, 1);
    assert_int_equal(finding->contributors[0].report, 1);
    assert_true(finding->contributors[0].amount == 300);
}

/* The charged report is a part of what it is held against. */
static void
report_that_is_held_against_itself_is_listed(void **state)
{
    struct sets_report reports[] = {
        own("Rb-50", "Czesc=D Dzial=750 Rozdzial=75011 Paragraf=201 P4=0 WY=3.00|"
                     "Czesc=W Dzial=750 Rozdzial=75011 Paragraf=401 P4=0 WY=5.00"),
    };

    (void)state;
    reports[0].variant = STR("wojewoda-lodzki");
    struct sets_judgement      judgement = judge(reports, ARRAY_COUNT(reports), true);
    const struct sets_finding *finding = finding_of(&judgement, "ZESTAW-032");
    assert_int_equal(finding->contributor_total, 1);
    assert_true(finding->contributors[0].amount == 300);
}

static void
what_every_rule_expects_can_be_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sheaf.sets->rule_count; i++) {
        struct str code = sheaf.sets->rules[i].entry->code;
        EXPECT(sheaf.sets->sides[i].known, str_copy(sheaf.arena, code).data);
    }
}

/* What is no sum of operands, each once, has no list; whatever has one adds up. */
static void
only_a_sum_is_taken_apart(void **state)
{
    static const struct {
        const char *expected;
        size_t      listed;
    } rows[] = {
        {"nvl(D, 0)",                         1},
        {"D",                                 1},
        {"0 + nvl(D, 0)",                     1},
        {"- nvl(D, 0)",                       1},
        {"nvl(D, 0) - nvl(N, 0)",             2},
        {"nvl(D, 0) - (nvl(N, 0) - 0)",       2},
        {"nvl(D, 1)",                         0},
        {"nvl(D, 0) + nvl(D, 0)",             0},
        {"nvl(D, 0) - nvl(D, 0) + nvl(D, 0)", 0},
        {"2 * nvl(D, 0)",                     0},
        {"nvl(D, 0) + 1",                     0},
        {"abs(nvl(D, 0))",                    0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct sheaf      held = sheaf;
        struct str        to = str_format(held.arena, "Powinno := %s]", rows[i].expected);
        struct shelf_edit edit = {"sets/2025-1/ZESTAW-001.vtl", "Powinno := nvl(D, 0)]", to.data};
        sheaf = sheaf_open_edited(&edit);
        const struct sets_report reports[] = {
            own("Rb-nds", "Symbol=A P=9.00"),
            own("Rb-27s", "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 PL=4.00"),
        };
        struct sets_judgement judgement = judge(reports, ARRAY_COUNT(reports), true);
        EXPECT(finding_of(&judgement, "ZESTAW-001")->contributor_total == rows[i].listed,
               rows[i].expected);
        arena_destroy(sheaf.arena);
        sheaf = held;
    }
}

/* Positions that differ: how many findings a rule has at most. */
static void
findings_of_one_rule_have_a_limit(void **state)
{
    static const size_t counts[] = {SETS_FINDINGS_OF_RULE_MAX - 1, SETS_FINDINGS_OF_RULE_MAX,
                                    SETS_FINDINGS_OF_RULE_MAX + 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        struct buf rows = buf_create(sheaf.arena, 100000);
        for (size_t row = 0; row < counts[i]; row++) {
            buf_format(&rows, "Dzial=801 Rozdzial=80%03zu Paragraf=421 P4=0 PL=%zu.00|", row,
                       row + 1);
        }
        struct str               text = str_copy(sheaf.arena, buf_str(&rows));
        const struct sets_report reports[] = {own("Rb-28s", text.data), of_unit("Rb-28s", "1", "")};
        struct sets_judgement    judgement = judge(reports, 2, true);
        assert_int_equal(sheaf_answer(&judgement, "ZESTAW-026")->failing, counts[i]);
        assert_int_equal(judgement.finding_count, counts[i] < SETS_FINDINGS_OF_RULE_MAX
                                                      ? counts[i]
                                                      : SETS_FINDINGS_OF_RULE_MAX);
        assert_int_equal(judgement.findings[0].row, counts[i] - 1);
    }
}

static void
only_reports_of_rules_that_can_be_judged_are_needed(void **state)
{
    const struct sets_report reports[] = {own("Rb-nds", ""), own("Rb-27s", ""), own("Rb-28s", ""),
                                          of_unit("Rb-28s", "1", "")};
    struct sets_awaited awaited = {STR("RB28S"), STR("jednostkowe"), sheaf_quarter(&sheaf, 2026, 2),
                                   STR("2"), STR("")};
    struct sets_facts   facts = {
          .key = {SETS_OF_JST, sheaf_quarter(&sheaf, 2026, 2)},
          .reports = reports,
          .report_count = ARRAY_COUNT(reports),
          .awaited = &awaited,
          .awaited_count = 1,
          .awaited_known = true,
          .environment = ENVIRONMENT_TEST
    };
    bool needs[4];

    (void)state;
    assert_int_equal(sets_needs(sheaf.arena, sheaf.sets, &facts, needs, NULL), ERR_OK);
    assert_true(needs[0] && needs[1] && needs[2]);
    assert_false(needs[3]);
    facts.awaited_count = 0;
    assert_int_equal(sets_needs(sheaf.arena, sheaf.sets, &facts, needs, NULL), ERR_OK);
    assert_true(needs[3]);
}

static bool
touches(const struct sets_key *keys, size_t count, enum sets_scope scope, int year, int number)
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i].scope == scope && keys[i].period.year == year
            && keys[i].period.number == number) {
            return true;
        }
    }
    return false;
}

static void
a_yearly_report_touches_the_sets_of_the_next_year(void **state)
{
    struct sets_key  keys[SETS_TOUCHED_MAX];
    struct sets_want wanted[SETS_OPERANDS_MAX];
    struct period    year = sheaf_quarter(&sheaf, 2025, 4);
    size_t           count = sets_touched(sheaf.sets, STR("RB28S"), STR("zbiorcze"), &year, keys);

    (void)state;
    assert_true(touches(keys, count, SETS_OF_JST, 2025, 4));
    assert_true(touches(keys, count, SETS_OF_JST, 2026, 1));
    assert_true(touches(keys, count, SETS_OF_JST, 2026, 2));
    assert_false(touches(keys, count, SETS_OF_JST, 2026, 3)); /* no Rb-28NWS then */
    assert_false(touches(keys, count, SETS_OF_UNIT, 2026, 1));
    struct sets_key key = {SETS_OF_JST, sheaf_quarter(&sheaf, 2026, 1)};
    count = sets_wanted(sheaf.sets, &key, wanted);
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found = found
                || (str_equal(wanted[i].operand->form, STR("RB28S"))
                    && wanted[i].period.year == 2025 && wanted[i].period.number == 4);
    }
    assert_true(found);
}

static void
a_judgement_fits_into_no_arena_that_is_too_small(void **state)
{
    const struct sets_report reports[] = {own("Rb-nds", "Symbol=A P=3.00"), own("Rb-27s", "")};
    struct sets_facts        facts = {
               .key = {SETS_OF_JST, sheaf_quarter(&sheaf, 2026, 2)},
               .reports = reports,
               .report_count = 2,
               .environment = ENVIRONMENT_TEST
    };
    bool fitted = false;

    (void)state;
    for (size_t size = 1000; size < (size_t)1 << 21; size = size * 5 / 4) {
        struct sets_judgement judgement = {0};
        struct arena         *small = arena_create(size);
        enum err              got = sets_judge(small, sheaf.sets, &facts, &judgement, NULL);
        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_true(got == ERR_OK || !fitted);
        fitted = got == ERR_OK;
        arena_destroy(small);
    }
    assert_true(fitted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_that_agree_hold),
        cmocka_unit_test(a_total_that_differs_charges_the_report_and_names_the_cell),
        cmocka_unit_test(a_missing_side_never_passes),
        cmocka_unit_test(lines_that_were_not_fetched_are_not_evaluated),
        cmocka_unit_test(a_report_touches_the_sets_that_read_it),
        cmocka_unit_test(any_order_of_the_reports_gives_the_same_answer),
        cmocka_unit_test(a_sum_of_units_lists_the_largest_first_and_at_most_ten),
        cmocka_unit_test(what_is_taken_off_is_listed_with_a_minus),
        cmocka_unit_test(report_that_stands_on_both_sides_of_a_sign_is_listed_once),
        cmocka_unit_test(report_that_is_held_against_itself_is_listed),
        cmocka_unit_test(what_every_rule_expects_can_be_taken_apart),
        cmocka_unit_test(only_a_sum_is_taken_apart),
        cmocka_unit_test(findings_of_one_rule_have_a_limit),
        cmocka_unit_test(only_reports_of_rules_that_can_be_judged_are_needed),
        cmocka_unit_test(a_yearly_report_touches_the_sets_of_the_next_year),
        cmocka_unit_test(a_judgement_fits_into_no_arena_that_is_too_small),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
