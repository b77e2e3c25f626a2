#include "tests/support/expect.h"
#include "validators/base/parcel.h"

#include <string.h>

enum { ARENA_MAX = 4096 };

static void
buf_hex_writes_two_lower_case_digits_a_byte(void **state)
{
    static const unsigned char bytes[] = {0x00, 0x0F, 0x10, 0xA9, 0xFF};
    static const char         *want[] = {"", "00", "000f", "000f10", "000f10a9", "000f10a9ff"};

    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct buf    out = buf_create(arena, 2 * size);

        buf_hex(&out, bytes, size);
        EXPECT(buf_ok(&out), want[size]);
        EXPECT(str_equal(buf_str(&out), str_of(want[size])), want[size]);
        arena_destroy(arena);
    }
}

static void
buf_hex_that_does_not_fit_writes_nothing(void **state)
{
    static const unsigned char bytes[] = {1, 2};
    struct arena              *arena = arena_create(ARENA_MAX);
    struct buf                 out = buf_create(arena, 2 * sizeof bytes);
    struct buf                 endless = buf_create(arena, SIZE_MAX);

    (void)state;
    buf_byte(&out, 'x');
    buf_hex(&out, bytes, sizeof bytes);
    assert_false(buf_ok(&out));
    assert_true(str_equal(buf_str(&out), STR("x")));
    buf_hex(&endless, bytes, SIZE_MAX / 2 + 1); /* twice that is no size */
    assert_false(buf_ok(&endless));
    assert_int_equal(endless.size, 0);
    arena_destroy(arena);
}

static void
parcel_truth_is_one_or_zero_and_nothing_else(void **state)
{
    static const struct {
        const char *name;
        uint64_t    number;
        bool        truth;
        bool        bad;
    } rows[] = {
        {"false",    0,          false, false},
        {"true",     1,          true,  false},
        {"two",      2,          false, true },
        {"the most", UINT64_MAX, false, true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct buf    out = buf_create(arena, ARENA_MAX);

        parcel_put_number(&out, rows[i].number);
        struct parcel parcel = {.arena = arena, .bytes = buf_str(&out)};
        EXPECT(parcel_truth(&parcel) == rows[i].truth, rows[i].name);
        EXPECT(parcel.bad == rows[i].bad, rows[i].name);
        arena_destroy(arena);
    }
}

static void
parcel_truth_comes_back_as_it_was_put(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    out = buf_create(arena, ARENA_MAX);

    (void)state;
    parcel_put_truth(&out, true);
    parcel_put_truth(&out, false);
    struct parcel parcel = {.arena = arena, .bytes = buf_str(&out)};
    assert_true(parcel_truth(&parcel));
    assert_false(parcel_truth(&parcel));
    assert_false(parcel.bad);
    assert_false(parcel_truth(&parcel)); /* nothing is left */
    assert_true(parcel.bad);
    arena_destroy(arena);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_hex_writes_two_lower_case_digits_a_byte),
        cmocka_unit_test(buf_hex_that_does_not_fit_writes_nothing),
        cmocka_unit_test(parcel_truth_is_one_or_zero_and_nothing_else),
        cmocka_unit_test(parcel_truth_comes_back_as_it_was_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
