#include "validators/sets/sets.h"

#include "tests/unit/validators/rules/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena           *arena;
static const struct catalogue *catalogue;
static const struct sets      *sets;

static int
set_up(void **state)
{
    struct fault fault = {0};

    (void)state;
    arena = arena_create((size_t)512 << 20);
    if (shelf_load(arena, NULL, &catalogue, &fault) != ERR_OK
        || sets_compile(arena, catalogue, &sets, &fault) != ERR_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return 1;
    }
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static struct period
quarter(int year, int number)
{
    struct period period;

    assert_true(catalogue_period_at(catalogue_period_type(catalogue, STR("Kwartal")), year, number,
                                    &period));
    return period;
}

/* A report of rows "Symbol=A P=1.00 W=2.00|...": attributes that are no code are amounts. */
static struct sets_report
report(const char *element, const char *level, struct period period, const char *unit,
       const char *rows)
{
    struct str         rest = str_of(rows);
    struct str         row = {0};
    int32_t            form = catalogue_form(catalogue, str_of(element), period.end);
    struct columns    *columns = ARENA_NEW(arena, struct columns, 1);
    struct sets_report made = {
        .level = str_of(level), .period = period, .unit = str_of(unit), .columns = columns};

    assert_true(form >= 0);
    made.form = &catalogue->forms[form];
    assert_true(columns_create(arena, made.form->code_count, made.form->amount_count, columns));
    while (str_cut(&rest, '|', &row)) {
        struct str cell = {0};
        if (row.size == 0) {
            continue;
        }
        assert_true(columns_add_row(columns, (uint32_t)(columns->row_count + 1) * 64));
        while (str_cut(&row, ' ', &cell)) {
            struct str name = {0};
            int64_t    amount = 0;
            assert_true(str_cut(&cell, '=', &name));
            int code = form_code_index(made.form, name);
            int slot = form_amount_index(made.form, name);
            assert_true(code >= 0 || slot >= 0);
            if (code >= 0) {
                assert_true(columns_set_code(columns, (size_t)code, CELL_PRESENT, cell, 1));
            } else {
                assert_int_equal(amount_parse(cell, 2, &amount), AMOUNT_OK);
                columns_set_amount(columns, (size_t)slot, CELL_PRESENT, amount,
                                   (uint32_t)(columns->row_count * 64 + 1));
            }
        }
    }
    return made;
}

static const struct sets_answer *
answer_of(const struct sets_judgement *judgement, const char *code)
{
    for (size_t i = 0; i < judgement->answer_count; i++) {
        if (str_equal(judgement->answers[i].rule->entry->code, str_of(code))) {
            return &judgement->answers[i];
        }
    }
    fail_msg("no answer of %s", code);
    return NULL;
}

static struct sets_judgement
judge(const struct sets_report *reports, size_t count, bool awaited_known)
{
    struct sets_judgement judgement = {0};
    struct sets_facts     facts = {
            .key = {SETS_OF_JST, quarter(2026, 2)},
            .reports = reports,
            .report_count = count,
            .awaited_known = awaited_known,
            .environment = ENVIRONMENT_TEST,
            .seed = 7,
    };

    assert_int_equal(sets_judge(arena, sets, &facts, &judgement, NULL), ERR_OK);
    return judgement;
}

static void
totals_that_agree_hold(void **state)
{
    const struct sets_report reports[] = {
        report("Rb-nds", "zbiorcze", quarter(2026, 2), "J", "Symbol=A P=3.00 W=2.00"),
        report("Rb-27s", "zbiorcze", quarter(2026, 2), "J",
               "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 PL=1.00 DW=2.00|"
               "Dzial=801 Rozdzial=80101 Paragraf=083 P4=0 PL=2.00"),
    };
    struct sets_judgement judgement = judge(reports, 2, true);

    (void)state;
    assert_int_equal(answer_of(&judgement, "ZESTAW-001")->outcome, SETS_HOLDS);
    assert_int_equal(answer_of(&judgement, "ZESTAW-001")->compared, 2);
}

static void
a_total_that_differs_charges_the_report_and_names_the_cell(void **state)
{
    const struct sets_report reports[] = {
        report("Rb-27s", "zbiorcze", quarter(2026, 2), "J",
               "Dzial=801 Rozdzial=80101 Paragraf=069 P4=0 PL=1.00 DW=2.00"),
        report("Rb-nds", "zbiorcze", quarter(2026, 2), "J",
               "Symbol=B W=9.00|Symbol=A P=3.00 W=2.00"),
    };
    struct sets_judgement      judgement = judge(reports, 2, true);
    const struct sets_finding *finding = NULL;

    (void)state;
    assert_int_equal(judgement.state, SETS_INCONSISTENT);
    assert_int_equal(answer_of(&judgement, "ZESTAW-001")->outcome, SETS_FAILS);
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
        report("Rb-nds", "zbiorcze", quarter(2026, 2), "J", "Symbol=A P=0.00"),
    };
    struct sets_judgement     judgement = judge(reports, 1, false);
    const struct sets_answer *answer = answer_of(&judgement, "ZESTAW-001");

    (void)state;
    assert_int_equal(answer->outcome, SETS_PENDING);
    assert_int_equal(answer->missing_count, 1);
    assert_true(str_equal(answer->missing[0].operand->title, STR("Rb-27S")));
    assert_int_equal(judgement.state, SETS_INCOMPLETE);
    judgement = judge(reports, 1, true);
    assert_int_equal(answer_of(&judgement, "ZESTAW-001")->outcome, SETS_IDLE);
}

static void
lines_that_were_not_fetched_are_not_evaluated(void **state)
{
    struct sets_report reports[] = {
        report("Rb-nds", "zbiorcze", quarter(2026, 2), "J", "Symbol=A P=1.00"),
        report("Rb-27s", "zbiorcze", quarter(2026, 2), "J", ""),
    };

    (void)state;
    reports[1].columns = NULL;
    struct sets_judgement judgement = judge(reports, 2, true);
    assert_int_equal(answer_of(&judgement, "ZESTAW-001")->outcome, SETS_NOT_EVALUATED);
    assert_int_equal(judgement.state, SETS_INCOMPLETE);
}

static void
a_report_touches_the_sets_that_read_it(void **state)
{
    struct sets_key keys[SETS_TOUCHED_MAX];
    struct period   period = quarter(2026, 2);
    size_t          count = sets_touched(sets, STR("RBNDS"), STR("zbiorcze"), &period, keys);

    (void)state;
    assert_true(count >= 1);
    assert_int_equal(keys[0].scope, SETS_OF_JST);
    assert_int_equal(keys[0].period.number, 2);
    assert_int_equal(sets_touched(sets, STR("RBNDS"), STR("nieznany"), &period, keys), 0);
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
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
