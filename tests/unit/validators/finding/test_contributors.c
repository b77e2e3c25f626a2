#include "tests/support/expect.h"
#include "validators/finding/finding.h"

#include <string.h>

enum { ROOM = 1 << 20 };

static struct contributor found[] = {
    {.cell = STR_INIT("kol. 7\tWydatki\nwykonane"),
     .amount = STR_INIT("-10,00"),
     .xpath = STR_INIT("/a/b[1]"),
     .offset = UINT32_MAX,
     .line = 4,
     .column = 5},
    {.cell = STR_INIT("kol. 8"),                                     .xpath = STR_INIT("/a/b[2]"),                  .offset = 6               },
};
static struct contributor expected[] = {
    {.cell = STR_INIT("ą"), .amount = STR_INIT("1,00"), .xpath = STR_INIT("/c"), .offset = 1},
};

static void
what_is_packed_comes_back(void **state)
{
    const struct contributors sides[CONTRIBUTORS_SIDES] = {
        [CONTRIBUTORS_FOUND] = {.items = found, .count = ARRAY_COUNT(found)},
        [CONTRIBUTORS_EXPECTED] = { .items = expected, .count = 1,             .more = 3, .rest = STR("2,00")},
    };
    struct arena              *arena = arena_create(ROOM);
    const struct contributors *got = NULL;

    (void)state;
    assert_true(contributors_unpack(arena, contributors_pack(arena, sides), &got));
    assert_int_equal(got[CONTRIBUTORS_FOUND].count, 2);
    assert_int_equal(got[CONTRIBUTORS_FOUND].more, 0);
    assert_true(str_equal(got[CONTRIBUTORS_FOUND].items[0].cell, STR("kol. 7 Wydatki wykonane")));
    assert_true(str_equal(got[CONTRIBUTORS_FOUND].items[0].amount, STR("-10,00")));
    assert_true(str_equal(got[CONTRIBUTORS_FOUND].items[0].xpath, STR("/a/b[1]")));
    assert_int_equal(got[CONTRIBUTORS_FOUND].items[0].offset, UINT32_MAX);
    assert_int_equal(got[CONTRIBUTORS_FOUND].items[0].line, 4);
    assert_int_equal(got[CONTRIBUTORS_FOUND].items[0].column, 5);
    assert_int_equal(got[CONTRIBUTORS_FOUND].items[1].amount.size, 0);
    assert_int_equal(got[CONTRIBUTORS_EXPECTED].count, 1);
    assert_int_equal(got[CONTRIBUTORS_EXPECTED].more, 3);
    assert_true(str_equal(got[CONTRIBUTORS_EXPECTED].rest, STR("2,00")));
    arena_destroy(arena);
}

static void
nothing_is_the_empty_text(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    const struct contributors *got = NULL;

    (void)state;
    assert_int_equal(contributors_pack(arena, NULL).size, 0);
    assert_true(contributors_unpack(arena, STR(""), &got));
    assert_null(got);
    arena_destroy(arena);
}

static const struct {
    const char *name;
    const char *text;
} strangers[] = {
    {"no end of line",      "found\t1\t2\t3\t1,00\t/a\tb"                       },
    {"unknown word",        "other\t1\t2\t3\t1,00\t/a\tb\n"                     },
    {"no fields",           "found\n"                                           },
    {"a field is missing",  "found\t1\t2\t3\t1,00\t/a\n"                        },
    {"a number is a word",  "found\t1\tx\t3\t1,00\t/a\tb\n"                     },
    {"a negative number",   "found\t1\t-2\t3\t1,00\t/a\tb\n"                    },
    {"a number too large",  "found\t1\t2\t4294967296\t1,00\t/a\tb\n"            },
    {"rest without sum",    "found-rest\t1\n"                                   },
    {"rest of none",        "found-rest\t0\t1,00\n"                             },
    {"two rests",           "found-rest\t1\t1,00\nfound-rest\t1\t1,00\n"        },
    {"one behind the rest", "found-rest\t1\t1,00\nfound\t1\t2\t3\t1,00\t/a\tb\n"},
    {"an empty line",       "\n"                                                },
};

static void
a_text_of_others_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(strangers); i++) {
        struct arena              *arena = arena_create(ROOM);
        const struct contributors *got = NULL;
        EXPECT(!contributors_unpack(arena, str_of(strangers[i].text), &got), strangers[i].name);
        EXPECT(got == NULL, strangers[i].name);
        arena_destroy(arena);
    }
}

static void
a_side_has_as_many_items_as_the_limit_says(void **state)
{
    (void)state;
    for (int count = CONTRIBUTORS_MAX - 1; count <= CONTRIBUTORS_MAX + 1; count++) {
        struct arena              *arena = arena_create(ROOM);
        const struct contributors *got = NULL;
        struct str                 text = STR("");
        for (int i = 0; i < count; i++) {
            text = str_format(arena, "%.*sexpected\t1\t2\t3\t\t/a\tb\n", STR_ARG(text));
        }
        assert_int_equal(contributors_unpack(arena, text, &got), count <= CONTRIBUTORS_MAX);
        arena_destroy(arena);
    }
}

/* A finding outlives what it was made of, or is not added. */
static void
a_finding_keeps_them_or_says_that_there_is_no_room(void **state)
{
    static const struct contributors sides[CONTRIBUTORS_SIDES] = {
        [CONTRIBUTORS_FOUND] = {.items = found, .count = ARRAY_COUNT(found)},
    };
    size_t added = 0;

    (void)state;
    for (size_t room = 0; room <= 16384; room += 64) {
        struct arena    *arena = arena_create(room);
        struct findings *findings = findings_create(arena);
        struct finding   finding = {.code = "RB27S-001", .contributors = sides};
        if (findings != NULL && findings_add(findings, &finding) == FINDING_ADDED) {
            const struct contributors *kept = findings_at(findings, 0)->contributors;
            assert_ptr_not_equal(kept, sides);
            assert_ptr_not_equal(kept->items, found);
            assert_true(str_equal(kept->items[1].cell, STR("kol. 8")));
            added++;
        }
        arena_destroy(arena);
    }
    assert_in_range(added, 1, 256);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_back),
        cmocka_unit_test(nothing_is_the_empty_text),
        cmocka_unit_test(a_text_of_others_is_refused),
        cmocka_unit_test(a_side_has_as_many_items_as_the_limit_says),
        cmocka_unit_test(a_finding_keeps_them_or_says_that_there_is_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
