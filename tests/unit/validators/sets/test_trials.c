#include "validators/sets/remarks.h"
#include "validators/sets/trials.h"
#include "validators/sets/variations.h"

#include "tests/unit/validators/rules/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
every_rule_has_cases_that_hold_fail_and_wait(void **state)
{
    struct arena           *arena = arena_create((size_t)512 << 20);
    const struct catalogue *catalogue = NULL;
    const struct sets      *sets = NULL;
    struct trials_summary   summary = {0};
    struct fault            fault = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, NULL, &catalogue, &fault), ERR_OK);
    if (sets_compile(arena, catalogue, &sets, &fault) != ERR_OK
        || trials_run(arena, sets, &summary, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    for (size_t i = 0; i < summary.result_count; i++) {
        const struct case_result *result = &summary.results[i];
        if (!result->passed) {
            print_message("%.*s:%u „%.*s”: %.*s; %.*s\n", STR_ARG(result->path), result->line,
                          STR_ARG(result->name), STR_ARG(result->wanted), STR_ARG(result->got));
        }
    }
    assert_int_equal(summary.failed, 0);
    assert_int_equal(summary.uncovered, 0);
    assert_true(summary.coverage_count > 0);
    arena_destroy(arena);
}

static void
every_change_of_a_script_is_noticed(void **state)
{
    struct arena           *arena = arena_create((size_t)1024 << 20);
    const struct catalogue *catalogue = NULL;
    const struct sets      *sets = NULL;
    struct mutants_summary  summary = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, NULL, &catalogue, NULL), ERR_OK);
    assert_int_equal(sets_compile(arena, catalogue, &sets, NULL), ERR_OK);
    assert_int_equal(variations_run(arena, sets, &summary, NULL), ERR_OK);
    for (size_t i = 0; i < summary.survivor_count; i++) {
        const struct mutant *mutant = &summary.survivors[i];
        print_message("%.*s:%u:%u %.*s -> %.*s\n", STR_ARG(mutant->path),
                      mutant->mutation.place.line, mutant->mutation.place.column,
                      STR_ARG(mutant->mutation.was), STR_ARG(mutant->mutation.becomes));
    }
    print_message("%zu noticed, %zu survived, %zu unfit\n", summary.noticed, summary.survivor_count,
                  summary.unfit);
    assert_int_equal(summary.survivor_count, 0);
    arena_destroy(arena);
}

static void
no_script_leaves_a_missing_side_out(void **state)
{
    struct arena           *arena = arena_create((size_t)512 << 20);
    const struct catalogue *catalogue = NULL;
    struct lints_summary    summary = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, NULL, &catalogue, NULL), ERR_OK);
    assert_int_equal(remarks_run(arena, catalogue, &summary, NULL), ERR_OK);
    for (size_t i = 0; i < summary.remark_count; i++) {
        print_message("%.*s:%u:%u %s\n", STR_ARG(summary.remarks[i].path),
                      summary.remarks[i].problem.line, summary.remarks[i].problem.column,
                      summary.remarks[i].problem.text);
    }
    assert_int_equal(summary.remark_count, 0);
    assert_true(summary.script_count > 0);
    arena_destroy(arena);
}

/* What is misspelt in a case would silently stay as it is when nothing is said of it. */
static void
a_misspelt_case_is_refused_with_its_place(void **state)
{
#define CASES "sets/2025-1/tests/ZESTAW-001.xml"
    static const struct {
        struct shelf_edit edit;
        const char       *says;
    } rows[] = {
        {{CASES, "<awaited of", "<awaitde of"},           "nieznany element „awaitde”"},
        {{CASES, "found=", "fuond="},                     "nieznany atrybut „fuond”"  },
        {{CASES, "<expect ", "<expcet "},                 "nieznany element „expcet”" },
        {{CASES, "<report of", "<report x=\"\" of"},      "nieznany atrybut „x”"      },
        {{CASES, "<case name", "<case okers=\"3\" name"}, "nieznany atrybut „okers”"  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena           *arena = arena_create((size_t)512 << 20);
        const struct catalogue *catalogue = NULL;
        const struct sets      *sets = NULL;
        struct trials_summary   summary = {0};
        struct fault            fault = {0};

        assert_int_equal(shelf_load(arena, &rows[i].edit, &catalogue, &fault), ERR_OK);
        assert_int_equal(sets_compile(arena, catalogue, &sets, &fault), ERR_OK);
        if (trials_run(arena, sets, &summary, &fault) != ERR_CATALOGUE
            || strstr(fault.text, rows[i].says) == NULL) {
            fail_msg("%s, not %s", fault.text, rows[i].says);
        }
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_cases_that_hold_fail_and_wait),
        cmocka_unit_test(every_change_of_a_script_is_noticed),
        cmocka_unit_test(no_script_leaves_a_missing_side_out),
        cmocka_unit_test(a_misspelt_case_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
