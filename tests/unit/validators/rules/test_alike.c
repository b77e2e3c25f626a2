#include "tests/support/expect.h"
#include "validators/rules/alike.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_MAX = 64 * 1024 * 1024, CODES = 3, ROUNDS = 200 };

static struct columns
make_columns(struct arena *arena, size_t rows, unsigned distinct, unsigned *seed)
{
    struct columns columns = {0};

    assert_true(columns_create(arena, CODES, 0, &columns));
    for (size_t row = 0; row < rows; row++) {
        assert_true(columns_add_row(&columns, 0));
        for (size_t code = 0; code < CODES; code++) {
            char text[32];
            *seed = *seed * 1103515245U + 12345U;
            unsigned value = (*seed >> 16) % (distinct + 1);
            (void)snprintf(text, sizeof text, "%u", value);
            if (value < distinct) { /* else the cell stays absent */
                assert_true(columns_set_code(&columns, code, CELL_PRESENT, str_of(text), 1));
            }
        }
    }
    return columns;
}

static size_t
first_by_search(const struct alike_question *question, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        bool same = true;
        for (size_t code = 0; code < CODES; code++) {
            const uint32_t *codes = question->columns->codes[code];
            same = same
                   && ((question->mask >> code & 1U) == 0
                       || codes[question->rows[i]] == codes[question->rows[index]]);
        }
        if (same) {
            return i;
        }
    }
    return index;
}

static void
sorting_finds_the_same_rows_as_searching(void **state)
{
    unsigned seed = 7;

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct arena         *arena = arena_create(ARENA_MAX);
        struct columns        columns = make_columns(arena, round % 60, 1 + round % 7, &seed);
        uint32_t              rows[64];
        uint32_t              first[64];
        struct alike_question question = {.columns = &columns, .mask = round % 8, .rows = rows};

        for (uint32_t row = 0; row < columns.row_count; row += 1 + round % 2) {
            rows[question.row_count] = row;
            question.row_count++;
        }
        assert_true(alike_first(arena, &question, first));
        for (size_t i = 0; i < question.row_count; i++) {
            assert_int_equal(first[i], first_by_search(&question, i));
        }
        arena_destroy(arena);
    }
}

static void
a_full_arena_is_said_and_not_crashed_into(void **state)
{
    unsigned              seed = 1;
    struct arena         *arena = arena_create(ARENA_MAX);
    struct columns        columns = make_columns(arena, 20, 3, &seed);
    uint32_t              rows[20];
    uint32_t              first[20];
    struct alike_question question = {
        .columns = &columns, .mask = 7, .rows = rows, .row_count = 20};
    size_t refused = 0;

    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        rows[i] = i;
    }
    for (size_t ceiling = 0; ceiling < 2048; ceiling += 16) {
        struct arena *tight = arena_create(ceiling);
        refused += alike_first(tight, &question, first) ? 0 : 1;
        arena_destroy(tight);
    }
    assert_in_range(refused, 1, 100);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting_finds_the_same_rows_as_searching),
        cmocka_unit_test(a_full_arena_is_said_and_not_crashed_into),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
