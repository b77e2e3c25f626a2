#include "tests/support/expect.h"
#include "validators/base/buf.h"

#include <string.h>

static void
str_slices_stay_inside_their_text(void **state)
{
    static const struct {
        const char *name;
        size_t      from;
        size_t      size;
        const char *want;
    } rows[] = {
        {"all",            0,        5,        "abcde"},
        {"beginning",      0,        2,        "ab"   },
        {"middle",         1,        3,        "bcd"  },
        {"clipped",        3,        9,        "de"   },
        {"nothing",        2,        0,        ""     },
        {"at the end",     5,        1,        ""     },
        {"beyond the end", 6,        1,        ""     },
        {"size overflows", 1,        SIZE_MAX, "bcde" },
        {"from overflows", SIZE_MAX, 1,        ""     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct str got = str_slice(STR("abcde"), rows[i].from, rows[i].size);
        EXPECT(str_equal(got, str_of(rows[i].want)), rows[i].name);
    }
}

static void
str_compares_by_bytes_and_shorter_first(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("b"), STR("a")) > 0);
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_true(str_compare(STR("\xFF"), STR("a")) > 0);
    assert_int_equal(str_compare(STR("ab"), STR("ab")), 0);
    assert_int_equal(str_compare((struct str){0}, STR("")), 0);
    assert_true(str_equal((struct str){0}, STR("")));
    assert_false(str_equal(STR("a\0b"), STR("a\0c")));
    assert_int_equal(str_of(NULL).size, 0);
}

static void
str_knows_its_beginning_and_its_end(void **state)
{
    (void)state;
    assert_true(str_starts_with(STR("abc"), STR("ab")));
    assert_true(str_starts_with(STR("abc"), STR("")));
    assert_false(str_starts_with(STR("ab"), STR("abc")));
    assert_false(str_starts_with(STR("abc"), STR("b")));
    assert_true(str_ends_with(STR("abc"), STR("bc")));
    assert_true(str_ends_with(STR(""), STR("")));
    assert_false(str_ends_with(STR("bc"), STR("abc")));
    assert_false(str_ends_with(STR("abc"), STR("b")));
}

static void
str_trims_xml_white_space_only(void **state)
{
    (void)state;
    assert_true(str_equal(str_trim(STR(" \t\r\na b \n")), STR("a b")));
    assert_true(str_equal(str_trim(STR(" \n")), STR("")));
    assert_true(str_equal(str_trim(STR("\xC2\xA0")), STR("\xC2\xA0")));
    assert_true(str_equal(str_trim(STR("\v")), STR("\v")));
}

static void
str_cut_gives_every_piece_and_then_stops(void **state)
{
    struct str rest = STR("a,,b,");
    struct str piece = {0};

    (void)state;
    assert_true(str_cut(&rest, ',', &piece) && str_equal(piece, STR("a")));
    assert_true(str_cut(&rest, ',', &piece) && str_equal(piece, STR("")));
    assert_true(str_cut(&rest, ',', &piece) && str_equal(piece, STR("b")));
    assert_true(str_cut(&rest, ',', &piece) && str_equal(piece, STR("")));
    assert_false(str_cut(&rest, ',', &piece));
    rest = STR("");
    assert_true(str_cut(&rest, ',', &piece));
    assert_int_equal(piece.size, 0);
    assert_false(str_cut(&rest, ',', &piece));
}

static void
str_reads_numbers_of_at_most_18_digits(void **state)
{
    static const struct {
        const char *text;
        bool        good;
        int64_t     want;
    } rows[] = {
        {"0",                   true,  0                          },
        {"007",                 true,  7                          },
        {"99999999999999999",   true,  INT64_C(99999999999999999) },
        {"999999999999999999",  true,  INT64_C(999999999999999999)},
        {"1000000000000000000", false, 0                          },
        {"",                    false, 0                          },
        {"-1",                  false, 0                          },
        {"+1",                  false, 0                          },
        {"1 ",                  false, 0                          },
        {"1a",                  false, 0                          },
        {"\xD9\xA1",            false, 0                          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        int64_t got = 0;
        EXPECT(str_to_number(str_of(rows[i].text), &got) == rows[i].good, rows[i].text);
        EXPECT(got == rows[i].want, rows[i].text);
    }
}

static void
str_copies_and_formats_under_every_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max <= 8; size_max++) {
        struct arena *arena = arena_create(size_max);
        struct str    copy = str_copy(arena, STR("abcd"));
        assert_true((copy.data != NULL) == (size_max >= 5));
        assert_true(copy.data == NULL || copy.data[4] == '\0');
        arena_destroy(arena);
        arena = arena_create(size_max);
        struct str text = str_format(arena, "%d-%s", 7, "xy");
        assert_true((text.data != NULL) == (size_max >= 5));
        assert_true(text.data == NULL || str_equal(text, STR("7-xy")));
        arena_destroy(arena);
    }
}

/* Each way of appending, up to exactly size_max and one byte beyond. */
static void
buf_is_full_one_byte_beyond_its_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max < 600; size_max += 7) {
        for (int way = 0; way < 3; way++) {
            struct arena *arena = arena_create((size_t)64 * 1024);
            struct buf    buf = buf_create(arena, size_max);
            for (size_t i = 0; i < size_max; i++) {
                if (way == 0) {
                    buf_byte(&buf, 'x');
                } else if (way == 1) {
                    buf_append(&buf, STR("x"));
                } else {
                    buf_format(&buf, "%c", 'x');
                }
            }
            assert_true(buf_ok(&buf));
            assert_int_equal(buf_str(&buf).size, size_max);
            buf_format(&buf, "%s", "");
            assert_true(buf_ok(&buf));
            buf_byte(&buf, 'y');
            assert_false(buf_ok(&buf));
            assert_int_equal(buf_str(&buf).size, size_max);
            arena_destroy(arena);
        }
    }
}

static void
buf_ignores_what_comes_after_the_first_that_did_not_fit(void **state)
{
    struct arena *arena = arena_create(4096);
    struct buf    buf = buf_create(arena, 4);

    (void)state;
    buf_append(&buf, STR("ab"));
    buf_append(&buf, STR("cde"));
    buf_append(&buf, STR("f"));
    assert_false(buf_ok(&buf));
    assert_true(str_equal(buf_str(&buf), STR("ab")));
    arena_destroy(arena);
}

static void
buf_is_full_when_its_arena_is(void **state)
{
    struct arena *arena = arena_create(300);
    struct buf    buf = buf_create(arena, 4096);

    (void)state;
    for (int i = 0; i < 256; i++) {
        buf_byte(&buf, 'x');
    }
    assert_true(buf_ok(&buf));
    buf_byte(&buf, 'x');
    assert_false(buf_ok(&buf));
    assert_int_equal(buf_str(&buf).size, 256);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_slices_stay_inside_their_text),
        cmocka_unit_test(str_compares_by_bytes_and_shorter_first),
        cmocka_unit_test(str_knows_its_beginning_and_its_end),
        cmocka_unit_test(str_trims_xml_white_space_only),
        cmocka_unit_test(str_cut_gives_every_piece_and_then_stops),
        cmocka_unit_test(str_reads_numbers_of_at_most_18_digits),
        cmocka_unit_test(str_copies_and_formats_under_every_ceiling),
        cmocka_unit_test(buf_is_full_one_byte_beyond_its_ceiling),
        cmocka_unit_test(buf_ignores_what_comes_after_the_first_that_did_not_fit),
        cmocka_unit_test(buf_is_full_when_its_arena_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
