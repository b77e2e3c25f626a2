#include "validators/sets/remarks.h"
#include "validators/sets/trials.h"
#include "validators/sets/variations.h"
#include "validators/vtl/vtl.h"

#include "tests/unit/validators/rules/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RULES "sets/2025-1/rules.xml"
#define SCRIPT "sets/2025-1/ZESTAW-001.vtl"

/* What leaves a missing side out is named, what forgets nothing is not. */
static void
an_operator_that_leaves_a_missing_side_out_is_named(void **state)
{
    static const struct {
        const char *text;
        size_t      count;
        uint32_t    column; /* of the first */
    } rows[] = {
        {"A := inner_join(X as x, Y as y);",                         1, 6 },
        {"A := left_join(X as x, Y as y);",                          1, 6 },
        {"A := full_join(X as x, Y as y);",                          0, 0 },
        {"A := full_join(inner_join(X as x, Y as y) as z, Q as q);", 1, 16},
        {"A := X + Y;",                                              1, 8 },
        {"A := X - Y;",                                              1, 8 },
        {"A := X = Y;",                                              1, 8 },
        {"A := X <= Y;",                                             1, 8 },
        {"A := X and Y;",                                            1, 8 },
        {"A := check(X = Y);",                                       1, 14},
        {"A := X + 1;",                                              0, 0 },
        {"A := 2 * X;",                                              0, 0 },
        {"A := nvl(X, 0);",                                          0, 0 },
        {"A := intersect(X, Y);",                                    1, 6 },
        {"A := union(X, Y);",                                        0, 0 },
        {"A := if X then Y else Z;",                                 1, 6 },
        {"A := X [calc m := a + b];",                                0, 0 },
        {"A := X [filter a = b and c > d];",                         0, 0 },
        {"A := X [calc m := a / b];",                                1, 21},
        {"A := X [calc m := round(a / b, 2)];",                      0, 0 },
        {"A := X [calc m := round(a / b)];",                         1, 27},
        {"A := X + Y; B := inner_join(A as a, Z as z);",             2, 8 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena      *arena = arena_create((size_t)1 << 24);
        struct vtl_script *script = NULL;
        struct vtl_problem problems[REMARKS_OF_SCRIPT_MAX];
        size_t             count = 0;
        struct fault       fault = {0};
        if (vtl_parse(arena, str_of(rows[i].text), &script, &problems[0], &fault) != ERR_OK) {
            fail_msg("%s: %s", rows[i].text, problems[0].text);
        }
        assert_int_equal(remarks_on(arena, script, problems, &count, NULL), ERR_OK);
        if (count != rows[i].count || (count > 0 && problems[0].column != rows[i].column)) {
            fail_msg("%s: %zu, column %u", rows[i].text, count, count > 0 ? problems[0].column : 0);
        }
        arena_destroy(arena);
    }
}

static void
the_lint_names_the_place_in_a_rule(void **state)
{
    struct shelf_edit       edit = {SCRIPT, "full_join(", "inner_join("};
    struct arena           *arena = arena_create((size_t)512 << 20);
    const struct catalogue *catalogue = NULL;
    struct lints_summary    summary = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, &edit, &catalogue, NULL), ERR_OK);
    assert_int_equal(remarks_run(arena, catalogue, &summary, NULL), ERR_OK);
    assert_int_equal(summary.remark_count, 1);
    assert_int_equal(summary.refused, 1);
    assert_true(str_equal(summary.remarks[0].path, STR(SCRIPT)));
    assert_int_equal(summary.remarks[0].problem.column, 15);
    arena_destroy(arena);
}

/* A faulty file of rules is refused whole, with its place and what to mend. */
static void
faulty_rules_are_refused_with_their_place(void **state)
{
    static const struct {
        struct shelf_edit edit;
        const char       *says;
    } rows[] = {
        {{RULES, "charges=\"RBNDS\"", "charges=\"NIKT\""},
         "nie ma operandu z atrybutu charges: „NIKT”"                                                            },
        {{RULES, "charges=\"RBNDS\"", "charges=\"RB28S\""},                "reguła nie czyta zbioru „RB28S”"    },
        {{RULES, "charges=\"RBNDS\"", "charges=\"RB30S_JESLI\""},
         "którego może nie być (optional): „RB30S_JESLI”"                                                     },
        {{RULES, "charges=\"RBNDS\"", ""},                                 "charges"                                 },
        {{RULES, "form=\"RBNDS\"", "form=\"RBX\""},                        "katalog nie ma formularza „RBX”"     },
        {{RULES, "form=\"RBNDS\"", "form=\"SMUPU\""},                      "różną liczbę miejsc po przecinku"    },
        {{RULES, "levels=\"zbiorcze\"", "levels=\"zbiorczy\""},            "nieznane słowo „zbiorczy”"          },
        {{RULES, "many=\"true\"", "mny=\"true\""},                         "nieznany atrybut „mny”"              },
        {{RULES, "name=\"RB27S\"", "name=\"RBNDS\""},                      "inny operand nazywa się"                },
        {{RULES, "when=\"previous\"", "when=\"jutro\""},                   "jutro"                                   },
        {{RULES, "scope=\"jst\"/>", "scope=\"kraj\"/>"},                   "kraj"                                    },
        {{RULES, "severity=\"query\"", "severity=\"error\""},              "nie może niczego odrzucić"             },
        {{RULES, "code=\"ZESTAW-001\"", "code=\"ZESTAW-901\""},            "nie ma pliku reguły"                    },
        {{SCRIPT, "sum(RBNDS", "sum(RBNIE"},                               "zbioru danych „RBNIE” nie ma wśród"},
        {{SCRIPT, "sum(RB27S", "sum(J_RB27S"},                             "„J_RB27S” ma inny zakres"            },
        {{SCRIPT, "ZESTAW_001 <-", "ZESTAW_002 <-"},                       "ma się nazywać jak kod ZESTAW-001"     },
        {{SCRIPT, "ZESTAW_001 <-", "ZESTAW_001 :="},                       "powstać przez „<-”"                 },
        {{SCRIPT, "[keep Jest, Powinno, Zgodne]", "[keep Jest, Powinno]"},
         "Jest i Powinno (liczby) i Zgodne"                                                                          },
        {{SCRIPT, "nvl(N, 0)", "nvl(Q, 0)"},                               "ZESTAW-001.vtl, wiersz"                  },
        {{SCRIPT, "full_join(", "full_join(("},                            "ZESTAW-001.vtl, wiersz"                  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena           *arena = arena_create((size_t)512 << 20);
        const struct catalogue *catalogue = NULL;
        const struct sets      *sets = NULL;
        struct fault            fault = {0};
        assert_int_equal(shelf_load(arena, &rows[i].edit, &catalogue, &fault), ERR_OK);
        if (sets_compile(arena, catalogue, &sets, &fault) != ERR_CATALOGUE) {
            fail_msg("row %zu: nothing is refused", i);
        }
        if (strstr(fault.text, rows[i].says) == NULL) {
            fail_msg("%s, not %s", fault.text, rows[i].says);
        }
        arena_destroy(arena);
    }
}

static void
a_change_that_no_case_notices_survives(void **state)
{
    struct shelf_edit edit = {SCRIPT, "Symbol = \"A\"]", "Symbol = \"A\" and Kolumna <> \"Q\"]"};
    struct arena     *arena = arena_create((size_t)512 << 20);
    const struct catalogue *catalogue = NULL;
    const struct sets      *sets = NULL;
    struct mutants_summary  summary = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, &edit, &catalogue, NULL), ERR_OK);
    assert_int_equal(sets_compile(arena, catalogue, &sets, NULL), ERR_OK);
    assert_int_equal(variations_run(arena, sets, &summary, NULL), ERR_OK);
    assert_int_equal(summary.survivor_count, 1);
    assert_true(str_equal(summary.survivors[0].mutation.was, STR("Q")));
    assert_true(str_equal(summary.survivors[0].path, STR(SCRIPT)));
    arena_destroy(arena);
}

static void
a_rule_never_seen_waiting_is_not_covered(void **state)
{
    struct shelf_edit       edit = {"sets/2025-1/tests/ZESTAW-014.xml", "expect=\"pending\"",
                                    "expect=\"holds\""};
    struct arena           *arena = arena_create((size_t)512 << 20);
    const struct catalogue *catalogue = NULL;
    const struct sets      *sets = NULL;
    struct trials_summary   summary = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, &edit, &catalogue, NULL), ERR_OK);
    assert_int_equal(sets_compile(arena, catalogue, &sets, NULL), ERR_OK);
    assert_int_equal(trials_run(arena, sets, &summary, NULL), ERR_OK);
    assert_int_equal(summary.failed, 1);
    assert_int_equal(summary.uncovered, 1);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operator_that_leaves_a_missing_side_out_is_named),
        cmocka_unit_test(the_lint_names_the_place_in_a_rule),
        cmocka_unit_test(faulty_rules_are_refused_with_their_place),
        cmocka_unit_test(a_change_that_no_case_notices_survives),
        cmocka_unit_test(a_rule_never_seen_waiting_is_not_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
