#include "validators/vtl/vtl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Rows beyond one chunk: A equals the row's number, every 7th is null, every 11th unknown; B =
 * LIMIT.
 */
enum { ROWS_MAX = 3 * VTL_CHUNK_ROWS + 2, LIMIT = 700 };

static int64_t values[ROWS_MAX];
static uint8_t states[ROWS_MAX];
static int64_t limits[ROWS_MAX];

static enum vtl_outcome
want(size_t row, size_t limit)
{
    return row % 11 == 10 ? VTL_NOT_EVALUATED
           : row % 7 == 6 ? VTL_NULL
           : row < limit  ? VTL_TRUE
                          : VTL_FALSE;
}

static void
check_rows(size_t row_count, size_t row_max)
{
    struct vtl_component component = {STR("A"), VTL_MEASURE, VTL_INTEGER, 0};
    struct vtl_column    column = {values, NULL, states};
    struct vtl_binding   binding = {
          .ruleset = STR("R"), .structure = {&component, 1}
    };
    struct vtl_data        data = {.row_count = row_count, .columns = &column};
    struct vtl_options     options = {row_max, true};
    struct arena          *arena = arena_create((size_t)1 << 24);
    struct vtl_script     *script = NULL;
    struct vtl_plan       *plan = NULL;
    struct vtl_problem     problem;
    struct vtl_rule_result results[2];
    size_t                 counts[VTL_OUTCOMES] = {0};
    size_t                 listed = 0;
    struct str text = STR("define datapoint ruleset R (variable A) is X: A < 700; Y: A < 0 or A < "
                          "700 end datapoint ruleset;");

    assert_int_equal(vtl_parse(arena, text, &script, &problem, NULL), ERR_OK);
    assert_int_equal(vtl_bind(arena, script, &binding, &plan, &problem, NULL), ERR_OK);
    assert_int_equal(vtl_run(arena, plan, &data, &options, results, NULL), ERR_OK);
    for (size_t row = 0; row < row_count; row++) {
        enum vtl_outcome expected = want(row, LIMIT);
        assert_int_equal(results[0].outcomes[row], expected);
        assert_int_equal(results[1].outcomes[row], expected);
        counts[expected]++;
        if (expected == VTL_FALSE && listed < row_max) {
            assert_int_equal(results[0].rows[listed++], row);
        }
    }
    assert_int_equal(results[0].row_count, listed);
    assert_memory_equal(results[0].count, counts, sizeof counts);
    if (listed > 0) {
        struct vtl_operands *sides = ARENA_NEW(arena, struct vtl_operands, listed);
        struct vtl_question  question = {0, results[0].rows, listed};
        assert_int_equal(vtl_operands(arena, plan, &data, &question, sides, NULL), ERR_OK);
        for (size_t i = 0; i < listed; i++) {
            assert_true(sides[i].known && sides[i].left == results[0].rows[i]
                        && sides[i].right == LIMIT);
        }
    }
    arena_destroy(arena);
}

static void
fill(void)
{
    for (size_t i = 0; i < ROWS_MAX; i++) {
        values[i] = (int64_t)i;
        limits[i] = LIMIT;
        states[i] = i % 11 == 10 ? VTL_CELL_UNKNOWN
                    : i % 7 == 6 ? VTL_CELL_ABSENT
                                 : VTL_CELL_PRESENT;
    }
}

static void
rows_at_the_edges_of_chunks_are_judged_like_all(void **state)
{
    (void)state;
    static const size_t counts[] = {0,
                                    1,
                                    VTL_CHUNK_ROWS - 1,
                                    VTL_CHUNK_ROWS,
                                    VTL_CHUNK_ROWS + 1,
                                    (size_t)2 * VTL_CHUNK_ROWS,
                                    ROWS_MAX};
    fill();
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        check_rows(counts[i], 0);
        check_rows(counts[i], 1);
        check_rows(counts[i], 100);
        check_rows(counts[i], ROWS_MAX);
    }
}

/* Each says twice the same of a row: with the constant, and with the column that holds it. */
static const struct {
    const char *rule;
    bool        of_nulls; /* it is true where A is null, too */
} twins[] = {
    {"A + 700 = A + B",                                                   false},
    {"700 + A = B + A",                                                   false},
    {"A - 700 = A - B",                                                   false},
    {"700 - A = B - A",                                                   false},
    {"A * 700 = A * B",                                                   false},
    {"700 * A = B * A",                                                   false},
    {"A * 0.01 = A * (B / 70000)",                                        false},
    {"(A = 700) = (A = B)",                                               false},
    {"(700 = A) = (B = A)",                                               false},
    {"(A <> 700) = (A <> B)",                                             false},
    {"(A < 700) = (A < B)",                                               false},
    {"(700 < A) = (B < A)",                                               false},
    {"(A <= 700) = (A <= B)",                                             false},
    {"(700 <= A) = (B <= A)",                                             false},
    {"(A > 700) = (A > B)",                                               false},
    {"(A >= 700) = (A >= B)",                                             false},
    {"(A >= 699.5) = not (A < B - 0.5)",                                  false},
    {"(A >= 700) = not (A < B)",                                          false},
    {"(A <= 700) = (A < B or A = B)",                                     false},
    {"between(A, 600, 700) = (A >= B - 100 and A <= B)",                  false},
    {"(A + 99999999999999999 >= 700) = not (A + 99999999999999999 < B)",  false},
    {"(A * 99999999999999999 >= 700) = not (A * 99999999999999999 < B)",  false},
    {"(if A < 700 then 1 else 2) = (if A < B then B - 699 else B - 698)", true },
    {"nvl(A, 700) = nvl(A, B)",                                           true },
    {"nvl(A, 700) >= 0 and B = 700 and 700 = B",                          true },
    {"700 = 700 and 1 + 2 < 4 and nvl(A, 1) * 1 = nvl(A, B - 699)",       true },
    {"(A < 700 xor B = 700) = not (A < B)",                               false},
};

static void
check_twin(size_t twin)
{
    struct vtl_component components[] = {
        {STR("A"), VTL_MEASURE, VTL_INTEGER, 0},
        {STR("B"), VTL_MEASURE, VTL_INTEGER, 0}
    };
    struct vtl_column columns[] = {
        {values, NULL, states},
        {limits, NULL, NULL  }
    };
    struct vtl_binding binding = {
        .ruleset = STR("R"), .structure = {components, 2}
    };
    struct vtl_data        data = {.row_count = ROWS_MAX, .columns = columns};
    struct vtl_options     options = {.outcomes = true};
    struct arena          *arena = arena_create((size_t)1 << 24);
    struct vtl_script     *script = NULL;
    struct vtl_plan       *plan = NULL;
    struct vtl_problem     problem = {0};
    struct vtl_rule_result result;
    struct str             text = str_format(arena,
                                             "define datapoint ruleset R (variable A, B) is X: %s end "
                                                         "datapoint ruleset;",
                                             twins[twin].rule);

    assert_int_equal(vtl_parse(arena, text, &script, &problem, NULL), ERR_OK);
    assert_int_equal(vtl_bind(arena, script, &binding, &plan, &problem, NULL), ERR_OK);
    assert_int_equal(vtl_run(arena, plan, &data, &options, &result, NULL), ERR_OK);
    for (size_t row = 0; row < ROWS_MAX; row++) {
        enum vtl_outcome expected = want(row, ROWS_MAX);
        expected = expected == VTL_NULL && twins[twin].of_nulls ? VTL_TRUE : expected;
        if (result.outcomes[row] != expected) {
            fail_msg("%s: row %zu: %d", twins[twin].rule, row, result.outcomes[row]);
        }
    }
    arena_destroy(arena);
}

static void
a_constant_is_the_number_that_a_column_holds_on_either_side(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < ARRAY_COUNT(twins); i++) {
        check_twin(i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_the_number_that_a_column_holds_on_either_side),
        cmocka_unit_test(rows_at_the_edges_of_chunks_are_judged_like_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
