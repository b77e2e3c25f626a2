#include "tests/support/expect.h"
#include "validators/finding/finding.h"

#include <string.h>

enum { PLENTY = 8 * 1024 * 1024 };

static enum finding_room
add(struct findings *findings, int32_t report)
{
    struct finding finding = {.code = "XSD-001", .report = report, .found = STR("x")};

    return findings_add(findings, &finding);
}

static void
findings_keep_100_of_a_report_and_count_the_rest(void **state)
{
    struct arena    *arena = arena_create(PLENTY);
    struct findings *findings = findings_create(arena);

    (void)state;
    for (size_t i = 0; i < FINDING_REPORT_MAX; i++) {
        assert_int_equal(findings_room(findings, 3), FINDING_REPORT_MAX - i);
        assert_int_equal(add(findings, 3), FINDING_ADDED);
    }
    assert_int_equal(findings_room(findings, 3), 0);
    assert_int_equal(findings_cut(findings, 3), 0);
    assert_int_equal(add(findings, 3), FINDING_REPORT_FULL);
    assert_int_equal(findings_cut(findings, 3), 1);
    assert_int_equal(findings_count(findings), FINDING_REPORT_MAX);
    /* its neighbours and the package have their own room */
    assert_int_equal(findings_room(findings, 2), FINDING_REPORT_MAX);
    assert_int_equal(add(findings, 2), FINDING_ADDED);
    assert_int_equal(add(findings, FINDING_OF_PACKAGE), FINDING_ADDED);
    assert_int_equal(findings_cut(findings, FINDING_OF_PACKAGE), 0);
    assert_int_equal(findings_cut(findings, 4000), 0);
    arena_destroy(arena);
}

static void
findings_keep_100_of_the_package_itself(void **state)
{
    struct arena    *arena = arena_create(PLENTY);
    struct findings *findings = findings_create(arena);

    (void)state;
    for (size_t i = 0; i < FINDING_REPORT_MAX; i++) {
        assert_int_equal(add(findings, FINDING_OF_PACKAGE), FINDING_ADDED);
    }
    assert_int_equal(add(findings, FINDING_OF_PACKAGE), FINDING_REPORT_FULL);
    assert_int_equal(findings_cut(findings, FINDING_OF_PACKAGE), 1);
    arena_destroy(arena);
}

static void
findings_keep_2000_of_a_file_and_count_the_rest(void **state)
{
    struct arena    *arena = arena_create(PLENTY);
    struct findings *findings = findings_create(arena);

    (void)state;
    for (int32_t i = 0; i < FINDING_PACKAGE_MAX - 1; i++) {
        assert_int_equal(add(findings, i / 50), FINDING_ADDED);
    }
    assert_int_equal(findings_count(findings), FINDING_PACKAGE_MAX - 1);
    assert_int_equal(findings_room(findings, 5000), 1);
    assert_int_equal(add(findings, 5000), FINDING_ADDED);
    assert_int_equal(findings_count(findings), FINDING_PACKAGE_MAX);
    assert_int_equal(findings_room(findings, 0), 0);
    assert_int_equal(add(findings, 0), FINDING_PACKAGE_FULL);
    assert_int_equal(add(findings, 6000), FINDING_PACKAGE_FULL);
    assert_int_equal(findings_cut(findings, 0), 1);
    assert_int_equal(findings_cut(findings, 6000), 1);
    assert_int_equal(findings_count(findings), FINDING_PACKAGE_MAX);
    arena_destroy(arena);
}

static void
findings_own_copies_of_their_texts(void **state)
{
    struct arena    *arena = arena_create(PLENTY);
    struct findings *findings = findings_create(arena);
    char             text[] = "12.5";
    struct finding   finding = {.code = "XSD-004", .report = 0, .offset = 9, .found = str_of(text)};

    (void)state;
    assert_int_equal(findings_add(findings, &finding), FINDING_ADDED);
    text[0] = 'x';
    const struct finding *kept = findings_at(findings, 0);
    assert_true(str_equal(kept->found, STR("12.5")));
    assert_true(kept->found.data[kept->found.size] == '\0');
    assert_string_equal(kept->code, "XSD-004");
    assert_int_equal(kept->offset, 9);
    assert_int_equal(kept->cell.size, 0);
    arena_destroy(arena);
}

static void
finding_clip_never_cuts_inside_a_character(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        size_t      size_max;
        const char *want; /* "_" stands for the ellipsis */
    } rows[] = {
        {"shorter",                      "abcd",                 5, "abcd"             },
        {"exactly",                      "abcde",                5, "abcde"            },
        {"one more",                     "abcdef",               5, "ab_"              },
        {"at a letter of two bytes",     "a\xC5\x82\xC5\x82xx",  5, "a_"               },
        {"behind a letter of two bytes", "\xC5\x82\xC5\x82xx",   5, "\xC5\x82_"        },
        {"inside one of four bytes",     "a\xF0\x9F\x98\x80zzz", 7, "a_"               },
        {"behind one of four bytes",     "\xF0\x9F\x98\x80zzzz", 7, "\xF0\x9F\x98\x80_"},
        {"nothing but the ellipsis",     "abcd",                 3, "_"                },
        {"no room for the first letter", "\xC5\x82\xC5\x82",     3, "_"                },
        {"empty",                        "",                     3, ""                 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena *arena = arena_create(4096);
        struct str    got = finding_clip(arena, str_of(rows[i].text), rows[i].size_max);
        struct str    want = str_of(rows[i].want);
        bool          cut = str_ends_with(want, STR("_"));
        struct str    kept = str_slice(want, 0, want.size - (cut ? 1 : 0));
        EXPECT(got.size <= rows[i].size_max, rows[i].name);
        EXPECT(str_starts_with(got, kept), rows[i].name);
        EXPECT(got.size == kept.size + (cut ? 3 : 0), rows[i].name);
        EXPECT(!cut || str_ends_with(got, STR("\xE2\x80\xA6")), rows[i].name);
        arena_destroy(arena);
    }
}

static void
findings_clip_every_text_at_its_limit(void **state)
{
    static char text[FINDING_FIELD_MAX + 1];

    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t size = FINDING_FIELD_MAX - 1; size <= FINDING_FIELD_MAX + 1; size++) {
        struct arena    *arena = arena_create(PLENTY);
        struct findings *findings = findings_create(arena);
        struct str       long_text = {text, size};
        struct finding   finding = {.xpath = long_text, .technical = long_text};
        assert_int_equal(findings_add(findings, &finding), FINDING_ADDED);
        const struct finding *kept = findings_at(findings, 0);
        bool                  cut = size > FINDING_FIELD_MAX;
        assert_int_equal(kept->xpath.size, cut ? FINDING_FIELD_MAX : size);
        assert_true(str_ends_with(kept->technical, STR("\xE2\x80\xA6")) == cut);
        arena_destroy(arena);
    }
}

static void
findings_survive_every_memory_ceiling(void **state)
{
    bool complete = false;

    (void)state;
    for (size_t size_max = 0; size_max < 16384; size_max += 40) {
        struct arena    *arena = arena_create(size_max);
        struct findings *findings = findings_create(arena);
        size_t           added = 0;
        for (int32_t i = 0; findings != NULL && i < 20; i++) {
            enum finding_room got = add(findings, i);
            assert_true(got == FINDING_ADDED || got == FINDING_NO_MEMORY);
            added += got == FINDING_ADDED ? 1 : 0;
        }
        assert_true(findings == NULL || findings_count(findings) == added);
        assert_true(arena_used(arena) <= size_max);
        complete = added == 20;
        arena_destroy(arena);
    }
    assert_true(complete);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_keep_100_of_a_report_and_count_the_rest),
        cmocka_unit_test(findings_keep_100_of_the_package_itself),
        cmocka_unit_test(findings_keep_2000_of_a_file_and_count_the_rest),
        cmocka_unit_test(findings_own_copies_of_their_texts),
        cmocka_unit_test(finding_clip_never_cuts_inside_a_character),
        cmocka_unit_test(findings_clip_every_text_at_its_limit),
        cmocka_unit_test(findings_survive_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
