#include "tests/support/expect.h"
#include "validators/decision/place.h"

#include <string.h>

static const struct {
    const char *name;
    const char *text;
    uint32_t    offset;
    uint32_t    line;
    uint32_t    column;
} cases[] = {
    {"empty file",                   "",                   0,  1, 1},
    {"first byte",                   "abc",                0,  1, 1},
    {"third byte",                   "abc",                2,  1, 3},
    {"behind the end",               "abc",                3,  1, 4},
    {"far behind the end",           "abc",                99, 1, 4},
    {"a line break ends its line",   "a\nb",               1,  1, 2},
    {"behind a line break",          "a\nb",               2,  2, 1},
    {"CR LF is one break",           "a\r\nb",             3,  2, 1},
    {"two bytes are one character",  "\xC5\x81x",          2,  1, 2},
    {"inside a character",           "\xC5\x81x",          1,  1, 2},
    {"four bytes are one character", "\xF0\x9F\x98\x80x",  4,  1, 2},
    {"byte order mark",              "\xEF\xBB\xBF<a/>",   3,  1, 1},
    {"inside the mark",              "\xEF\xBB\xBF<a/>",   1,  1, 1},
    {"behind the mark",              "\xEF\xBB\xBF<a/>",   5,  1, 3},
    {"mark, then a second line",     "\xEF\xBB\xBF\n<a/>", 4,  2, 1},
};

static void
place_at_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena      *arena = arena_create(1 << 16);
        struct fault       fault = {0};
        struct place_index index = {0};
        enum err           err = place_index_create(arena, str_of(cases[i].text), &index, &fault);
        EXPECT(err == ERR_OK, cases[i].name);
        struct place place = place_at(&index, cases[i].offset);
        EXPECT(place.line == cases[i].line, cases[i].name);
        EXPECT(place.column == cases[i].column, cases[i].name);
        arena_destroy(arena);
    }
}

/* Counted one by one, over marks and beyond line 65,535. */
static void
places_are_exact_everywhere_in_a_large_file(void **state)
{
    enum { LINES = 70001, LINE = 6 };
    struct arena      *arena = arena_create(4 << 20);
    struct fault       fault = {0};
    struct place_index index = {0};
    char              *text = ARENA_NEW(arena, char, (size_t)LINES *LINE);

    (void)state;
    for (size_t i = 0; i < LINES; i++) {
        memcpy(text + i * LINE, "a\xC5\x81z!\n", LINE);
    }
    struct str bytes = {text, (size_t)LINES * LINE};
    assert_int_equal(place_index_create(arena, bytes, &index, &fault), ERR_OK);
    static const uint32_t columns[LINE] = {1, 2, 3, 3, 4, 5};
    for (uint32_t offset = 0; offset < bytes.size; offset += 7) {
        struct place place = place_at(&index, offset);
        assert_int_equal(place.line, offset / LINE + 1);
        assert_int_equal(place.column, columns[offset % LINE]);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place_at_follows_the_table),
        cmocka_unit_test(places_are_exact_everywhere_in_a_large_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
