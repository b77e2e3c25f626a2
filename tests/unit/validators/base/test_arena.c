#include "tests/support/expect.h"
#include "validators/base/arena.h"

#include <string.h>

enum { OWN_BLOCK = 16 * 1024, PLENTY = 1024 * 1024 };

static bool
all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void
arena_never_hands_out_more_than_its_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max < 200; size_max++) {
        struct arena *arena = arena_create(size_max);
        for (size_t i = 0; i < 20; i++) {
            void *got = arena_alloc(arena, i % 7 + 1, (size_t)1 << i % 5);
            assert_true(got == NULL || arena_used(arena) > 0);
            assert_true(arena_used(arena) <= size_max);
        }
        assert_int_equal(arena_size_max(arena), size_max);
        arena_destroy(arena);
    }
}

static void
arena_refuses_one_byte_above_its_ceiling(void **state)
{
    static const size_t sizes[] = {1, 100, OWN_BLOCK - 1, OWN_BLOCK, OWN_BLOCK + 1, 100000};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct arena *arena = arena_create(sizes[i]);
        assert_null(arena_alloc(arena, sizes[i] + 1, 1));
        assert_non_null(arena_alloc(arena, sizes[i], 1));
        assert_null(arena_alloc(arena, 1, 1));
        assert_non_null(arena_alloc(arena, 0, 1));
        assert_int_equal(arena_used(arena), sizes[i]);
        arena_destroy(arena);
    }
}

static void
arena_gives_zeroed_aligned_memory(void **state)
{
    struct arena *arena = arena_create(PLENTY);

    (void)state;
    for (size_t i = 1; i < 400; i++) {
        size_t         align = (size_t)1 << i % 5;
        unsigned char *got = arena_alloc(arena, i, align);
        assert_non_null(got);
        assert_int_equal((uintptr_t)got % align, 0);
        assert_true(all_zero(got, i));
        memset(got, 0xA5, i); /* ASan and the next rounds would notice an overlap */
    }
    arena_destroy(arena);
}

static void
arena_array_refuses_a_product_that_overflows(void **state)
{
    struct arena *arena = arena_create(PLENTY);

    (void)state;
    assert_null(arena_array(arena, SIZE_MAX / 2, 3, 1));
    assert_null(arena_extend(arena, NULL, 0, SIZE_MAX / 2, 3));
    assert_non_null(arena_array(arena, 3, 5, 1));
    arena_destroy(arena);
}

/* From nothing through small and own blocks; the old bytes stay, the new ones are zero. */
static void
arena_extend_keeps_the_old_and_zeroes_the_new(void **state)
{
    struct arena *arena = arena_create((size_t)4 * PLENTY);
    uint32_t     *array = NULL;
    size_t        count = 0;

    (void)state;
    for (size_t wanted = 1; wanted < 200000; wanted = wanted * 2 + 1) {
        array = arena_extend(arena, array, count, wanted, sizeof *array);
        assert_non_null(array);
        assert_non_null(arena_alloc(arena, 40, 8)); /* so that blocks lie between */
        for (size_t i = 0; i < wanted; i++) {
            assert_int_equal(array[i], i < count ? i + 1 : 0);
            array[i] = (uint32_t)i + 1;
        }
        count = wanted;
    }
    arena_destroy(arena);
}

static void
arena_extend_moves_large_arrays_without_a_copy(void **state)
{
    struct arena *arena = arena_create(3 * (size_t)OWN_BLOCK);
    char         *array = arena_extend(arena, NULL, 0, OWN_BLOCK, 1);

    (void)state;
    assert_non_null(array);
    memset(array, 'x', OWN_BLOCK);
    array = arena_extend(arena, array, OWN_BLOCK, 3 * (size_t)OWN_BLOCK, 1);
    assert_non_null(array);
    assert_int_equal(arena_used(arena), 3 * OWN_BLOCK);
    assert_null(arena_extend(arena, array, 3 * (size_t)OWN_BLOCK, 3 * (size_t)OWN_BLOCK + 1, 1));
    assert_int_equal(array[OWN_BLOCK - 1], 'x');
    assert_int_equal(array[OWN_BLOCK], 0);
    arena_destroy(arena);
}

static void
arena_moves_own_blocks_anywhere_in_its_list(void **state)
{
    struct arena *arena = arena_create((size_t)2 * PLENTY);
    char         *arrays[5] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(arrays); i++) {
        arrays[i] = arena_extend(arena, NULL, 0, OWN_BLOCK, 1);
        assert_non_null(arrays[i]);
        arrays[i][0] = (char)('a' + i);
    }
    for (size_t i = 0; i < ARRAY_COUNT(arrays); i++) {
        size_t at = i * 3 % ARRAY_COUNT(arrays);
        arrays[at] = arena_extend(arena, arrays[at], OWN_BLOCK, 4 * (size_t)OWN_BLOCK, 1);
        assert_non_null(arrays[at]);
    }
    for (size_t i = 0; i < ARRAY_COUNT(arrays); i++) {
        assert_int_equal(arrays[i][0], 'a' + i);
    }
    arena_destroy(arena);
}

static char   released[8];
static size_t released_count;

static void
note_release(void *object)
{
    const char *name = object;

    released[released_count++] = *name;
}

static void
arena_releases_what_was_deferred_newest_first(void **state)
{
    static char   names[] = "abc";
    struct arena *arena = arena_create(1024);

    (void)state;
    released_count = 0;
    for (size_t i = 0; i < 3; i++) {
        assert_true(arena_defer(arena, note_release, &names[i]));
    }
    assert_int_equal(released_count, 0);
    arena_destroy(arena);
    assert_int_equal(released_count, 3);
    assert_memory_equal(released, "cba", 3);
}

static void
arena_defer_says_when_it_is_full(void **state)
{
    static char   name = 'x';
    struct arena *arena = arena_create(4);

    (void)state;
    released_count = 0;
    assert_false(arena_defer(arena, note_release, &name));
    arena_destroy(arena);
    assert_int_equal(released_count, 0);
    arena_destroy(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_never_hands_out_more_than_its_ceiling),
        cmocka_unit_test(arena_refuses_one_byte_above_its_ceiling),
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_array_refuses_a_product_that_overflows),
        cmocka_unit_test(arena_extend_keeps_the_old_and_zeroes_the_new),
        cmocka_unit_test(arena_extend_moves_large_arrays_without_a_copy),
        cmocka_unit_test(arena_moves_own_blocks_anywhere_in_its_list),
        cmocka_unit_test(arena_releases_what_was_deferred_newest_first),
        cmocka_unit_test(arena_defer_says_when_it_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
