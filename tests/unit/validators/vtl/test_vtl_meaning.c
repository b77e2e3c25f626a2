#include "tests/unit/validators/vtl/vtl_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What every operator gives: values, null, empty, edges. See vtl_fixture.h for the names. */
static const struct {
    const char      *rule;
    enum vtl_outcome want;
} cases[] = {
    {"N + 1 = 13.5",                                                   VTL_TRUE         },
    {"N + 1 = 13.51",                                                  VTL_FALSE        },
    {"N + NN = 1",                                                     VTL_NULL         },
    {"N - M = 15.75",                                                  VTL_TRUE         },
    {"NN - M = 0",                                                     VTL_NULL         },
    {"N * M = -40.625",                                                VTL_TRUE         },
    {"N * 0.001 = 0.0125",                                             VTL_TRUE         },
    {"N * NN = 0",                                                     VTL_NULL         },
    {"N / I = 1.785714285714",                                         VTL_TRUE         },
    {"M / I = -0.464285714286",                                        VTL_TRUE         },
    {"1 / 3 = 0.333333333333",                                         VTL_TRUE         },
    {"2 / 3 = 0.666666666667",                                         VTL_TRUE         },
    {"-2 / 3 = -0.666666666667",                                       VTL_TRUE         },
    {"N / Z > 0",                                                      VTL_ERROR        },
    {"N / NN > 0",                                                     VTL_NULL         },
    {"NN / Z > 0",                                                     VTL_NULL         },
    {"+N = 12.5",                                                      VTL_TRUE         },
    {"-N = -12.5",                                                     VTL_TRUE         },
    {"- -N = 12.5",                                                    VTL_TRUE         },
    {"1 + 2 * 3 = 7",                                                  VTL_TRUE         },
    {"(1 + 2) * 3 = 9",                                                VTL_TRUE         },
    {"10 - 3 - 2 = 5",                                                 VTL_TRUE         },
    {"-I * 2 = -14",                                                   VTL_TRUE         },
    {"N = 12.5",                                                       VTL_TRUE         },
    {"N = NN",                                                         VTL_NULL         },
    {"NN = NN",                                                        VTL_NULL         },
    {"N = null",                                                       VTL_NULL         },
    {"null = null",                                                    VTL_NULL         },
    {"N <> 12.5",                                                      VTL_FALSE        },
    {"N <> 12.49",                                                     VTL_TRUE         },
    {"N <> NN",                                                        VTL_NULL         },
    {"N < 12.51",                                                      VTL_TRUE         },
    {"N < 12.50",                                                      VTL_FALSE        },
    {"N <= 12.5",                                                      VTL_TRUE         },
    {"N <= 12.49",                                                     VTL_FALSE        },
    {"N > 12.49",                                                      VTL_TRUE         },
    {"N > 12.50",                                                      VTL_FALSE        },
    {"N >= 12.5",                                                      VTL_TRUE         },
    {"N >= 12.51",                                                     VTL_FALSE        },
    {"N >= NN",                                                        VTL_NULL         },
    {"I = 7.0",                                                        VTL_TRUE         },
    {"S = \"abcdef\"",                                                 VTL_TRUE         },
    {"S = \"Abcdef\"",                                                 VTL_FALSE        },
    {"S <> E",                                                         VTL_TRUE         },
    {"S < \"abcdeg\"",                                                 VTL_TRUE         },
    {"S > \"abcde\"",                                                  VTL_TRUE         },
    {"E < S",                                                          VTL_TRUE         },
    {"\"z\" < \"ł\"",                                                 VTL_TRUE         },
    {"S >= NS",                                                        VTL_NULL         },
    {"S = null",                                                       VTL_NULL         },
    {"E = \"\"",                                                       VTL_TRUE         },
    {"T = true",                                                       VTL_TRUE         },
    {"T = F",                                                          VTL_FALSE        },
    {"T <> F",                                                         VTL_TRUE         },
    {"T = NB",                                                         VTL_NULL         },
    {"T and T",                                                        VTL_TRUE         },
    {"T and F",                                                        VTL_FALSE        },
    {"T and NB",                                                       VTL_NULL         },
    {"F and NB",                                                       VTL_FALSE        },
    {"NB and NB",                                                      VTL_NULL         },
    {"T or NB",                                                        VTL_TRUE         },
    {"F or NB",                                                        VTL_NULL         },
    {"F or F",                                                         VTL_FALSE        },
    {"T xor F",                                                        VTL_TRUE         },
    {"T xor T",                                                        VTL_FALSE        },
    {"T xor NB",                                                       VTL_NULL         },
    {"not T",                                                          VTL_FALSE        },
    {"not F",                                                          VTL_TRUE         },
    {"not NB",                                                         VTL_NULL         },
    {"null",                                                           VTL_NULL         },
    {"true",                                                           VTL_TRUE         },
    {"T or F and F",                                                   VTL_TRUE         }, /* and binds tighter than or */
    {"(T or F) and F",                                                 VTL_FALSE        },
    {"not T = F",                                                      VTL_TRUE         }, /* not binds tighter than = */
    {"not F and F",                                                    VTL_FALSE        },
    {"T or N / Z > 0",                                                 VTL_ERROR        }, /* both sides are evaluated */
    {"I in {1, 7}",                                                    VTL_TRUE         },
    {"I in {1, 8}",                                                    VTL_FALSE        },
    {"J in {-7}",                                                      VTL_TRUE         },
    {"N in {12.5, 13}",                                                VTL_TRUE         },
    {"I not_in {1, 7}",                                                VTL_FALSE        },
    {"I not_in {8}",                                                   VTL_TRUE         },
    {"NN in {1}",                                                      VTL_NULL         },
    {"NN not_in {1}",                                                  VTL_NULL         },
    {"D in {\"801\", \"750\", \"010\"}",                               VTL_TRUE         },
    {"D in {\"75\"}",                                                  VTL_FALSE        },
    {"D not_in {\"75\"}",                                              VTL_TRUE         },
    {"NS in {\"75\"}",                                                 VTL_NULL         },
    {"E in {\"\"}",                                                    VTL_TRUE         },
    {"T in {true}",                                                    VTL_TRUE         },
    {"T in {false}",                                                   VTL_FALSE        },
    {"null in {1}",                                                    VTL_NULL         },
    {"D in Dom",                                                       VTL_TRUE         },
    {"S in Dom",                                                       VTL_FALSE        },
    {"D not_in Dom",                                                   VTL_FALSE        },
    {"NS in Dom",                                                      VTL_NULL         },
    {"substr(D, 1, 2) || \"0\" in Dom",                                VTL_TRUE         },
    {"between(N, 12.5, 20)",                                           VTL_TRUE         },
    {"between(N, 0, 12.5)",                                            VTL_TRUE         },
    {"between(N, 12.51, 20)",                                          VTL_FALSE        },
    {"between(N, 0, 12.49)",                                           VTL_FALSE        },
    {"between(N, 20, 0)",                                              VTL_FALSE        },
    {"between(N, NN, 20)",                                             VTL_NULL         },
    {"between(N, NN, 12)",                                             VTL_FALSE        }, /* x >= null and false */
    {"between(NN, 1, 2)",                                              VTL_NULL         },
    {"between(S, \"a\", \"b\")",                                       VTL_TRUE         },
    {"isnull(NN)",                                                     VTL_TRUE         },
    {"isnull(N)",                                                      VTL_FALSE        },
    {"isnull(NS)",                                                     VTL_TRUE         },
    {"isnull(E)",                                                      VTL_FALSE        },
    {"isnull(NB)",                                                     VTL_TRUE         },
    {"isnull(T)",                                                      VTL_FALSE        },
    {"isnull(null)",                                                   VTL_TRUE         },
    {"isnull(N + NN)",                                                 VTL_TRUE         },
    {"isnull(NN = 1)",                                                 VTL_TRUE         },
    {"isnull(N / Z)",                                                  VTL_ERROR        },
    {"nvl(NN, 0) = 0",                                                 VTL_TRUE         },
    {"nvl(N, 0) = 12.5",                                               VTL_TRUE         },
    {"nvl(NN, NN) = 0",                                                VTL_NULL         },
    {"nvl(NN, 1.005) = 1.005",                                         VTL_TRUE         },
    {"nvl(NS, \"x\") = \"x\"",                                         VTL_TRUE         },
    {"nvl(S, \"x\") = \"abcdef\"",                                     VTL_TRUE         },
    {"nvl(NB, true)",                                                  VTL_TRUE         },
    {"nvl(F, true)",                                                   VTL_FALSE        },
    {"nvl(NN = 1, false)",                                             VTL_FALSE        },
    {"nvl(null, 5) = 5",                                               VTL_TRUE         },
    {"nvl(N, 1 / Z) = 12.5",                                           VTL_TRUE         }, /* the second side is not looked at */
    {"nvl(NN, 1 / Z) = 12.5",                                          VTL_ERROR        },
    {"nvl(N / Z, 0) = 0",                                              VTL_ERROR        },
    {"nvl(U, 0) = 0",                                                  VTL_NOT_EVALUATED}, /* nvl never hides an unknown cell */
    {"isnull(U)",                                                      VTL_NOT_EVALUATED},
    {"T or U > 0",                                                     VTL_NOT_EVALUATED},
    {"when F then U > 0",                                              VTL_NOT_EVALUATED},
    {"U / Z > 0",                                                      VTL_NOT_EVALUATED},
    {"(if T then 1 else 2) = 1",                                       VTL_TRUE         },
    {"(if F then 1 else 2) = 2",                                       VTL_TRUE         },
    {"(if NB then 1 else 2) = 2",                                      VTL_TRUE         }, /* null is not true */
    {"(if T then N else 1) = 12.5",                                    VTL_TRUE         },
    {"(if T then 1 else N) = 1",                                       VTL_TRUE         },
    {"(if T then null else N) = 1",                                    VTL_NULL         },
    {"(if T then S else E) = S",                                       VTL_TRUE         },
    {"if T then F else T",                                             VTL_FALSE        },
    {"if Z <> 0 then N / Z > 0 else true",                             VTL_TRUE         }, /* the other branch may not fail */
    {"if N / Z > 0 then true else true",                               VTL_ERROR        },
    {"(if T then 1 else 2 + 10) = 1",                                  VTL_TRUE         },
    {"(case when N > 100 then 1 when N > 10 then 2 else 3) = 2",       VTL_TRUE         },
    {"(case when N > 10 then 1 when N > 1 then 2 else 3) = 1",         VTL_TRUE         },
    {"(case when NB then 1 else 3) = 3",                               VTL_TRUE         },
    {"(case when F then \"a\" when NB then \"b\" else S) = S",         VTL_TRUE         },
    {"(case when F then 1 else null) = 1",                             VTL_NULL         },
    {"case when T then T when T then F else F",                        VTL_TRUE         },
    {"abs(M) = 3.25",                                                  VTL_TRUE         },
    {"abs(N) = 12.5",                                                  VTL_TRUE         },
    {"abs(NN) = 1",                                                    VTL_NULL         },
    {"abs(M * M * M) = 34.328125",                                     VTL_TRUE         },
    {"round(3.14159, 2) = 3.14",                                       VTL_TRUE         },
    {"round(3.14159, 4) = 3.1416",                                     VTL_TRUE         },
    {"round(12345.6, 0) = 12346",                                      VTL_TRUE         },
    {"round(12345.6) = 12346",                                         VTL_TRUE         },
    {"round(12345.6, _) = 12346",                                      VTL_TRUE         },
    {"round(12345.6, -1) = 12350",                                     VTL_TRUE         },
    {"round(0.5) = 1",                                                 VTL_TRUE         },
    {"round(-0.5) = -1",                                               VTL_TRUE         },
    {"round(-0.49) = 0",                                               VTL_TRUE         },
    {"round(N, 5) = 12.5",                                             VTL_TRUE         },
    {"round(NN, 1) = 0",                                               VTL_NULL         },
    {"round(N / I, 2) = 1.79",                                         VTL_TRUE         },
    {"trunc(12345.67, 1) = 12345.6",                                   VTL_TRUE         },
    {"trunc(-3.99) = -3",                                              VTL_TRUE         },
    {"trunc(-3.99, _) = -3",                                           VTL_TRUE         },
    {"trunc(19.9, -1) = 10",                                           VTL_TRUE         },
    {"trunc(NN) = 0",                                                  VTL_NULL         },
    {"floor(M) = -4",                                                  VTL_TRUE         },
    {"floor(N) = 12",                                                  VTL_TRUE         },
    {"floor(-3.0) = -3",                                               VTL_TRUE         },
    {"ceil(M) = -3",                                                   VTL_TRUE         },
    {"ceil(N) = 13",                                                   VTL_TRUE         },
    {"ceil(I) = 7",                                                    VTL_TRUE         },
    {"ceil(NN) = 0",                                                   VTL_NULL         },
    {"mod(5, 2) = 1",                                                  VTL_TRUE         },
    {"mod(5, -2) = -1",                                                VTL_TRUE         },
    {"mod(-5, 2) = 1",                                                 VTL_TRUE         },
    {"mod(8, 2) = 0",                                                  VTL_TRUE         },
    {"mod(9, 0) = 9",                                                  VTL_TRUE         },
    {"mod(N, 5) = 2.5",                                                VTL_TRUE         },
    {"mod(NN, 5) = 0",                                                 VTL_NULL         },
    {"substr(S, 1, 3) = \"abc\"",                                      VTL_TRUE         },
    {"substr(S, 4) = \"def\"",                                         VTL_TRUE         },
    {"substr(S, _, 2) = \"ab\"",                                       VTL_TRUE         },
    {"substr(S) = S",                                                  VTL_TRUE         },
    {"substr(S, 5, 10) = \"ef\"",                                      VTL_TRUE         },
    {"substr(S, 7, 10) = \"\"",                                        VTL_TRUE         },
    {"substr(S, 2, 0) = \"\"",                                         VTL_TRUE         },
    {"substr(P, 2, 2) = \"łó\"",                                     VTL_TRUE         },
    {"substr(S, I) = \"\"",                                            VTL_TRUE         },
    {"substr(S, I - 6, 1) = \"a\"",                                    VTL_TRUE         },
    {"substr(S, J) = \"\"",                                            VTL_ERROR        }, /* start >= 1 */
    {"substr(S, 1, J) = \"\"",                                         VTL_ERROR        },
    {"substr(NS, J) = \"\"",                                           VTL_NULL         },
    {"substr(S, null) = \"a\"",                                        VTL_NULL         },
    {"substr(NS, 1, 2) = \"a\"",                                       VTL_NULL         },
    {"length(S) = 6",                                                  VTL_TRUE         },
    {"length(P) = 6",                                                  VTL_TRUE         }, /* characters, not bytes */
    {"length(E) = 0",                                                  VTL_TRUE         },
    {"length(NS) = 0",                                                 VTL_NULL         },
    {"S || D = \"abcdef750\"",                                         VTL_TRUE         },
    {"S || E = S",                                                     VTL_TRUE         },
    {"S || NS = S",                                                    VTL_NULL         },
    {"\"a\" || \"b\" || \"c\" = \"abc\"",                              VTL_TRUE         },
    {"upper(S) = \"ABCDEF\"",                                          VTL_TRUE         },
    {"upper(P) = \" ŁÓDŹ \"",                                       VTL_TRUE         },
    {"upper(\"ąćęłńóśźż\") = \"ĄĆĘŁŃÓŚŹŻ\"",         VTL_TRUE         },
    {"lower(\"ĄĆĘŁŃÓŚŹŻ÷×\") = \"ąćęłńóśźż÷×\"", VTL_TRUE         },
    {"lower(\"ABC1\") = \"abc1\"",                                     VTL_TRUE         },
    {"upper(NS) = \"\"",                                               VTL_NULL         },
    {"trim(P) = \"łódź\"",                                          VTL_TRUE         },
    {"ltrim(P) = \"łódź \"",                                        VTL_TRUE         },
    {"rtrim(P) = \" łódź\"",                                        VTL_TRUE         },
    {"trim(\"  \") = \"\"",                                            VTL_TRUE         },
    {"trim(NS) = \"\"",                                                VTL_NULL         },
    {"when N > 0 then M < 0",                                          VTL_TRUE         },
    {"when N > 0 then M > 0",                                          VTL_FALSE        },
    {"when N < 0 then M > 0",                                          VTL_TRUE         }, /* does not apply */
    {"when NN > 0 then M > 0",                                         VTL_NULL         },
    {"when N > 0 then NN > 0",                                         VTL_NULL         },
    {"when Z <> 0 then N / Z > 1",                                     VTL_TRUE         },
    {"when N / Z > 1 then true",                                       VTL_ERROR        },
    {"/* a */ N // b\n > /* > */ 0",                                   VTL_TRUE         },
    {"99999999999999999 * 99999999999999999 > 0",                      VTL_TRUE         },
    {"99999999999999999 * 99999999999999999 * 99999999999999999 > 0",  VTL_ERROR        },
    {"N * N * N * N * N * N * N * N * N * N > 0",                      VTL_TRUE         }, /* scale 20 is cut to 18 */
};

static void
every_operator_gives_what_vtl_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena      *arena = arena_create((size_t)1 << 22);
        struct vtl_problem problem;
        enum vtl_outcome   got = fixture_outcome(arena, cases[i].rule, &problem);

        if (got != cases[i].want) {
            fail_msg("%s: outcome %d, not %d %s", cases[i].rule, (int)got, (int)cases[i].want,
                     problem.text);
        }
        arena_destroy(arena);
    }
}

static void
a_violated_comparison_shows_both_sides(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        bool        compares;
        int         scale;
        int64_t     left;
        int64_t     right;
    } sides[] = {
        {"N = 0",                  true,  2, 1250,       0   },
        {"(N = 0.005)",            true,  3, 12500,      5   },
        {"I > 7.0",                true,  1, 70,         70  },
        {"when T then N - M <= M", true,  2, 1575,       -325},
        {"round(N / I, 2) > 2",    true,  2, 179,        200 },
        {"nvl(NN, 0) - N = 0",     true,  2, -1250,      0   },
        {"N * M * N > 0",          true,  6, -507812500, 0   },
        {"not (N = 0)",            false, 0, 0,          0   },
        {"S = \"x\"",              false, 0, 0,          0   },
        {"T = F",                  false, 0, 0,          0   },
        {"N = 0 and T",            false, 0, 0,          0   },
        {"between(N, 0, 1)",       false, 0, 0,          0   },
    };
    for (size_t i = 0; i < ARRAY_COUNT(sides); i++) {
        struct arena       *arena = arena_create((size_t)1 << 22);
        struct fixture      fixture;
        struct vtl_plan    *plan = NULL;
        struct vtl_problem  problem;
        struct vtl_operands got = {0};
        struct fault        fault = {0};
        uint32_t            row = 0;
        struct vtl_question question = {0, &row, 1};
        struct str          script = fixture_script(arena, sides[i].rule);

        fixture_fill(&fixture);
        if (fixture_bind(arena, &fixture, script, &plan, &problem) != ERR_OK) {
            fail_msg("%s: %s", sides[i].rule, problem.text);
        }
        if (vtl_rule(plan, 0)->compares != sides[i].compares) {
            fail_msg("%s: compares", sides[i].rule);
        }
        if (sides[i].compares) {
            assert_int_equal(vtl_operands(arena, plan, &fixture.data, &question, &got, &fault),
                             ERR_OK);
            if (!got.known || vtl_rule(plan, 0)->scale != sides[i].scale
                || got.left != sides[i].left || got.right != sides[i].right) {
                fail_msg("%s: sides", sides[i].rule);
            }
        }
        arena_destroy(arena);
    }
}

static void
sides_of_null_unknown_and_failed_rows_are_not_known(void **state)
{
    (void)state;
    static const char *const rules[] = {"N = NN", "N = U", "N / Z = 1"};

    for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
        struct arena       *arena = arena_create((size_t)1 << 22);
        struct fixture      fixture;
        struct vtl_plan    *plan = NULL;
        struct vtl_problem  problem;
        struct vtl_operands got = {.known = true};
        uint32_t            row = 0;
        struct vtl_question question = {0, &row, 1};

        fixture_fill(&fixture);
        assert_int_equal(
            fixture_bind(arena, &fixture, fixture_script(arena, rules[i]), &plan, &problem),
            ERR_OK);
        assert_int_equal(vtl_operands(arena, plan, &fixture.data, &question, &got, NULL), ERR_OK);
        assert_false(got.known);
        arena_destroy(arena);
    }
}

static void
a_plan_says_what_each_rule_reads(void **state)
{
    (void)state;
    struct arena      *arena = arena_create((size_t)1 << 22);
    struct fixture     fixture;
    struct vtl_plan   *plan = NULL;
    struct vtl_problem problem;
    struct str script = STR("define datapoint ruleset R (variable N as a, M, S as tekst) is "
                            "A: when a > 0 then M > 0 errorcode \"AB-001\" errorlevel 2; "
                            "B: nvl(a, 0) = 0; C: tekst = \"x\" errorlevel \"ciężka\"; D: a > 0 "
                            "end datapoint ruleset;");

    fixture_fill(&fixture);
    assert_int_equal(fixture_bind(arena, &fixture, script, &plan, &problem), ERR_OK);
    assert_int_equal(vtl_rule_count(plan), 4);
    assert_int_equal(vtl_rule(plan, 0)->components, 3);
    assert_int_equal(vtl_rule(plan, 1)->components, 1);
    assert_int_equal(vtl_rule(plan, 2)->components, 1 << 5);
    assert_int_equal(vtl_rule(plan, 3)->components, 1);
    assert_true(str_equal(vtl_rule(plan, 0)->name, STR("A")));
    assert_true(str_equal(vtl_rule(plan, 0)->errorcode, STR("AB-001")));
    assert_true(str_equal(vtl_rule(plan, 0)->errorlevel, STR("2")));
    assert_false(vtl_rule(plan, 0)->errorlevel_is_text);
    assert_true(vtl_rule(plan, 2)->errorlevel_is_text);
    assert_null(vtl_rule(plan, 1)->errorcode.data);
    arena_destroy(arena);
}

static void
a_cut_scale_is_noticed(void **state)
{
    (void)state;
    struct arena      *arena = arena_create((size_t)1 << 22);
    struct fixture     fixture;
    struct vtl_plan   *plan = NULL;
    struct vtl_problem problem;
    size_t             count = 0;

    fixture_fill(&fixture);
    assert_int_equal(fixture_bind(arena, &fixture, fixture_script(arena, "N*N*N*N*N*N*N*N*N = 1"),
                                  &plan, &problem),
                     ERR_OK);
    (void)vtl_notices(plan, &count);
    assert_int_equal(count, 0); /* scale 18 */
    assert_int_equal(fixture_bind(arena, &fixture, fixture_script(arena, "N*N*N*N*N*N*N*N*N*N = 1"),
                                  &plan, &problem),
                     ERR_OK);
    const struct vtl_problem *notices = vtl_notices(plan, &count);
    assert_int_equal(count, 1);
    assert_int_equal(notices[0].line, 2);
    assert_int_equal(notices[0].column, 22);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator_gives_what_vtl_says),
        cmocka_unit_test(a_violated_comparison_shows_both_sides),
        cmocka_unit_test(sides_of_null_unknown_and_failed_rows_are_not_known),
        cmocka_unit_test(a_plan_says_what_each_rule_reads),
        cmocka_unit_test(a_cut_scale_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
