#include "validators/vtl/vtl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Rows beyond one chunk: A equals the row's number, every 7th is null, every 11th unknown. */
enum { ROWS_MAX = 3 * VTL_CHUNK_ROWS + 2 };

static int64_t values[ROWS_MAX];
static uint8_t states[ROWS_MAX];

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
    struct str text = STR("define datapoint ruleset R (variable A) is X: A < 1500; Y: A < 0 or A < "
                          "1500 end datapoint ruleset;");

    assert_int_equal(vtl_parse(arena, text, &script, &problem, NULL), ERR_OK);
    assert_int_equal(vtl_bind(arena, script, &binding, &plan, &problem, NULL), ERR_OK);
    assert_int_equal(vtl_run(arena, plan, &data, &options, results, NULL), ERR_OK);
    for (size_t row = 0; row < row_count; row++) {
        enum vtl_outcome expected = want(row, 1500);
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
                        && sides[i].right == 1500);
        }
    }
    arena_destroy(arena);
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
    for (size_t i = 0; i < ROWS_MAX; i++) {
        values[i] = (int64_t)i;
        states[i] = i % 11 == 10 ? VTL_CELL_UNKNOWN
                    : i % 7 == 6 ? VTL_CELL_ABSENT
                                 : VTL_CELL_PRESENT;
    }
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        check_rows(counts[i], 0);
        check_rows(counts[i], 1);
        check_rows(counts[i], 100);
        check_rows(counts[i], ROWS_MAX);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_at_the_edges_of_chunks_are_judged_like_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
