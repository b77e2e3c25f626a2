#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/base/buf.h"
#include "validators/relation/join.h"
#include "validators/relation/lanes.h"
#include "validators/relation/origin.h"

#include <string.h>

/* Keys are the common identifiers, unless "using" names others. */
static const struct {
    const char    *name;
    enum join_kind kind;
    const char    *left;
    const char    *right;
    const char *using;
    const char *want;
    const char *origins;
} rows[] = {
    {"an inner join drops what has no counterpart",             JOIN_INNER, "JST:is A:mz | 01 1 | 02 2 | 03 3",
     "JST:is B:mz | 03 30 | 01 10 | 04 40",                                                                                                                                                               NULL,  "JST:is A:mz B:mz | 01 1 10 | 03 3 30",
     "0:0 1:1, 0:2 1:0"                                                                                                                                                                                                                                                                                  },
    {"a left join keeps it, with nulls",                        JOIN_LEFT,  "JST:is A:mz | 01 1 | 02 2",
     "JST:is B:mz S:ms T:mb | 02 20 x true",                                                                                                                                                              NULL,
     "JST:is A:mz B:mz S:ms T:mb | 01 1 _ _ _ | 02 2 20 x true",                                                                                                                                                                                                           "0:0 -, 0:1 1:0"              },
    {"a full join appends what only the right side has",        JOIN_FULL,  "JST:is A:mz | 01 1 | 02 2",
     "JST:is B:mz | 03 30 | 02 20 | 00 0",                                                                                                                                                                NULL,
     "JST:is A:mz B:mz | 01 1 _ | 02 2 20 | 03 _ 30 | 00 _ 0",                                                                                                                                                                                                             "0:0 -, 0:1 1:1, - 1:0, - 1:2"},
    {"of an empty left side an inner join is empty",            JOIN_INNER, "JST:is A:mz",
     "JST:is B:mz | 01 1",                                                                                                                                                                                NULL,  "JST:is A:mz B:mz",                                       ""                            },
    {"of an empty right side a left join is all null",          JOIN_LEFT,  "JST:is A:mz | 01 1",
     "JST:is B:mz",                                                                                                                                                                                       NULL,  "JST:is A:mz B:mz | 01 1 _",                              "0:0 -"                       },
    {"of an empty left side a full join is the right one",      JOIN_FULL,  "JST:is A:mz",
     "JST:is B:mz | 01 1",                                                                                                                                                                                NULL,  "JST:is A:mz B:mz | 01 _ 1",                              "- 1:0"                       },
    {"two empty sides",                                         JOIN_FULL,  "JST:is A:mz",                      "JST:is B:mz",                                                                            NULL,  "JST:is A:mz B:mz",                                       ""                            },
    {"fewer identifiers on the right repeat it",                JOIN_INNER,
     "JST:is R:it A:mz | 01 2026Q1 1 | 01 2026Q2 2 | 02 2026Q1 3",                                              "JST:is B:mz | 01 10",                                                                    NULL,
     "JST:is R:it A:mz B:mz | 01 2026Q1 1 10 | 01 2026Q2 2 10",                                                                                                                                                                                                            "0:0 1:0, 0:1 1:0"            },
    {"more identifiers on the right repeat the left",           JOIN_INNER, "JST:is B:mz | 01 10 | 02 20",
     "JST:is R:it A:mz | 02 2026Q1 3 | 01 2026Q1 1 | 01 2026Q2 2",                                                                                                                                        NULL,
     "JST:is B:mz R:it A:mz | 01 10 2026Q1 1 | 01 10 2026Q2 2 | 02 20 2026Q1 3",                                                                                                                                                                                           "0:0 1:1, 0:0 1:2, 0:1 1:0"   },
    {"using a measure of the left side",                        JOIN_LEFT,  "ID:iz JST:ms | 1 02 | 2 _ | 3 09",
     "JST:is B:mz | 02 20",                                                                                                                                                                               "JST", "ID:iz JST:ms B:mz | 1 02 20 | 2 _ _ | 3 09 _",
     "0:0 1:0, 0:1 -, 0:2 -"                                                                                                                                                                                                                                                                             },
    {"a null key matches no null key",                          JOIN_FULL,  "ID:iz K:mz | 1 _ | 2 5",
     "NR:iz K:mz | 7 _ | 8 5",                                                                                                                                                                            "K",   "ID:iz K:mz NR:iz | 1 _ _ | 2 5 8 | _ _ 7",
     "0:0 -, 0:1 1:1, - 1:0"                                                                                                                                                                                                                                                                             },
    {"keys that repeat on both sides make every pair",          JOIN_INNER, "A:is R:iz | x 1 | x 2 | y 3",
     "A:is S:iz | x 8 | y 7 | x 9",                                                                                                                                                                       "A",   "A:is R:iz S:iz | x 1 8 | x 1 9 | x 2 8 | x 2 9 | y 3 7",
     "0:0 1:0, 0:0 1:2, 0:1 1:0, 0:1 1:2, 0:2 1:1"                                                                                                                                                                                                                                                       },
    {"no key, one row on the right",                            JOIN_INNER, "A:is X:mz | x 1 | y 2",            "S:mz | 9",                                                                               "",
     "A:is X:mz S:mz | x 1 9 | y 2 9",                                                                                                                                                                                                                                     "0:0 1:0, 0:1 1:0"            },
    {"unknown and failed cells stay so",                        JOIN_LEFT,  "A:is X:mz | x ? | y !",
     "A:is Y:mn2 | y ? | x !",                                                                                                                                                                            NULL,  "A:is X:mz Y:mn2 | x ? ! | y ! ?",                        "0:0 1:1, 0:1 1:0"            },
    {"128 bits as keys and as values",                          JOIN_FULL,
     "A:in0 X:mz | 99999999999999999999999999999999999999 1 | 5 2",                                             "A:in0 Y:mn1 | 5 7.0 | 99999999999999999999999999999999999999 -9999999999999999999999.5", NULL,
     "A:in0 X:mz Y:mn1 | 99999999999999999999999999999999999999 1 -9999999999999999999999.5 "
     "| 5 2 7.0",                                                                                                                                                                                                                                                          "0:0 1:1, 0:1 1:0"            },
    {"a wide value that finds no match leaves a narrow column", JOIN_INNER, "A:is X:mz | x 1",
     "A:is Y:mz | x 7 | y 99999999999999999999",                                                                                                                                                          NULL,  "A:is X:mz Y:mz | x 1 7",                                 "0:0 1:0"                     },
    {"a narrow key and a wide one are compared by value",       JOIN_INNER, "A:in0 X:mz | -5 1 | 7 2",
     "A:in0 Y:mz | 99999999999999999999 8 | -5 9",                                                                                                                                                        NULL,  "A:in0 X:mz Y:mz | -5 1 9",                               "0:0 1:1"                     },
    {"keys of all types at once",                               JOIN_INNER,
     "S:is B:ib P:it N:in2 Z:iz X:mz | a true 2026M01 1.50 -3 1 | a true 2026M02 1.50 -3 2",                    "S:is B:ib P:it N:in2 Z:iz Y:mz | a true 2026M02 1.50 -3 9 | a false 2026M01 1.50 -3 8",  NULL,
     "S:is B:ib P:it N:in2 Z:iz X:mz Y:mz | a true 2026M02 1.50 -3 2 9",                                                                                                                                                                                                   "0:1 1:0"                     },
};

static struct join
make_join(enum join_kind kind, const struct relation *left, const struct relation *right,
          const char *using, size_t keys[2][RELATION_COMPONENTS_MAX])
{
    struct join join = {.kind = kind, .left = left, .right = right};

    if (using == NULL) {
        assert_int_equal(join_common(left, right, keys[0], keys[1], &join.key_count, NULL), ERR_OK);
    } else {
        join.key_count = fixture_numbers(left, using, keys[0]);
        (void)fixture_numbers(right, using, keys[1]);
    }
    join.left_keys = keys[0];
    join.right_keys = keys[1];
    return join;
}

static void
join_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct fixture  fixture = fixture_create();
        struct relation left = fixture_relation(&fixture, 0, rows[i].left);
        struct relation right = fixture_relation(&fixture, 1, rows[i].right);
        struct relation out = {0};
        size_t          keys[2][RELATION_COMPONENTS_MAX];
        struct join     join = make_join(rows[i].kind, &left, &right, rows[i].using, keys);
        struct fault    fault = {0};

        EXPECT(join_run(fixture.arena, &join, &out, &fault) == ERR_OK, rows[i].name);
        const char *got = fixture_text(&fixture, &out);
        if (strcmp(got, rows[i].want) != 0
            || strcmp(fixture_origins(&fixture, &out), rows[i].origins) != 0) {
            fail_msg("%s: %s; %s", rows[i].name, got, fixture_origins(&fixture, &out));
        }
        arena_destroy(fixture.arena);
    }
}

static const struct {
    const char *name;
    const char *left;
    const char *right;
    const char *using;
    const char *complaint;
} refusals[] = {
    {"a measure of one name",        "A:is M:mz",  "A:is M:mz",  "A", "both sides have a component 'M'"},
    {"an identifier that is no key", "A:is B:is",  "A:is B:is",  "A",
     "both sides have a component 'B'"                                                                 },
    {"keys of two types",            "A:is M:mz",  "A:iz N:mz",  "A", "key 0"                          },
    {"keys of two scales",           "A:in1 M:mz", "A:in2 N:mz", "A", "key 0"                          },
    {"an integer and a number",      "A:iz M:mz",  "A:in0 N:mz", "A", "key 0"                          },
};

static void
what_cannot_be_joined_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct fixture  fixture = fixture_create();
        struct relation left = fixture_relation(&fixture, 0, refusals[i].left);
        struct relation right = fixture_relation(&fixture, 1, refusals[i].right);
        struct relation out = {0};
        size_t          keys[2][RELATION_COMPONENTS_MAX];
        struct join     join = make_join(JOIN_INNER, &left, &right, refusals[i].using, keys);
        struct fault    fault = {0};

        EXPECT(join_run(fixture.arena, &join, &out, &fault) == ERR_USAGE, refusals[i].name);
        EXPECT(strstr(fault.text, refusals[i].complaint) != NULL, refusals[i].name);
        EXPECT(out.vocabulary == NULL, refusals[i].name);
        keys[0][0] = left.component_count;
        EXPECT(join_run(fixture.arena, &join, &out, &fault) == ERR_USAGE, refusals[i].name);
        arena_destroy(fixture.arena);
    }
}

static void
common_identifiers_must_be_alike(void **state)
{
    struct fixture  fixture = fixture_create();
    struct relation left = fixture_relation(&fixture, 0, "A:is B:iz C:is M:mz");
    struct relation alike = fixture_relation(&fixture, 1, "M:ms C:is A:is B:mz");
    struct relation other = fixture_relation(&fixture, 1, "C:is A:iz");
    size_t          keys[2][RELATION_COMPONENTS_MAX];
    size_t          count = 77;

    (void)state;
    assert_int_equal(join_common(&left, &other, keys[0], keys[1], &count, NULL), ERR_USAGE);
    assert_int_equal(count, 77);
    /* B is no identifier on the right, M none on the left. */
    assert_int_equal(join_common(&left, &alike, keys[0], keys[1], &count, NULL), ERR_OK);
    assert_int_equal(count, 2);
    assert_int_equal(keys[0][0], 0);
    assert_int_equal(keys[1][0], 2);
    assert_int_equal(keys[0][1], 2);
    assert_int_equal(keys[1][1], 1);
    arena_destroy(fixture.arena);
}

/* "A:iz <prefix>0:mz <prefix>1:mz ... | 1 1 1 ..." */
static const char *
make_broad(const struct fixture *fixture, const char *prefix, size_t measures)
{
    struct buf buf = buf_create(fixture->arena, 1 << 16);

    buf_append(&buf, STR("A:iz"));
    for (size_t i = 0; i < measures; i++) {
        buf_format(&buf, " %s%zu:mz", prefix, i);
    }
    buf_append(&buf, STR(" | 1"));
    for (size_t i = 0; i < measures; i++) {
        buf_append(&buf, STR(" 1"));
    }
    buf_byte(&buf, '\0');
    return buf_str(&buf).data;
}

static void
joins_stop_at_the_most_components(void **state)
{
    (void)state;
    for (size_t total = RELATION_COMPONENTS_MAX - 1; total <= RELATION_COMPONENTS_MAX + 1;
         total++) {
        struct fixture  fixture = fixture_create();
        struct relation left = fixture_relation(&fixture, 0, make_broad(&fixture, "L", 60));
        struct relation right =
            fixture_relation(&fixture, 1, make_broad(&fixture, "R", total - 61));
        struct relation out = {0};
        size_t          keys[2][RELATION_COMPONENTS_MAX];
        struct join     join = make_join(JOIN_FULL, &left, &right, NULL, keys);

        assert_int_equal(join_run(fixture.arena, &join, &out, NULL),
                         total > RELATION_COMPONENTS_MAX ? ERR_LIMIT : ERR_OK);
        arena_destroy(fixture.arena);
    }
}

/* One more than is remembered is joined all the same: what is forgotten are origins. */
static void
joins_remember_as_many_operands_as_is_said(void **state)
{
    struct fixture  fixture = fixture_create();
    struct relation all = fixture_relation(&fixture, 0, "A:iz | 1");
    size_t          keys[2][RELATION_COMPONENTS_MAX];

    (void)state;
    for (uint32_t i = 1; i <= RELATION_LANES_MAX; i++) {
        struct relation next = fixture_relation(&fixture, i, "A:iz | 1 | 2");
        struct join     join = make_join(JOIN_LEFT, &all, &next, NULL, keys);
        assert_int_equal(join_run(fixture.arena, &join, &all, NULL), ERR_OK);
        assert_int_equal(all.lane_count, i < RELATION_LANES_MAX ? i + 1 : RELATION_LANES_MAX);
    }
    assert_int_equal(origin_at(&all, 0, 0).source->dataset, 0);
    assert_int_equal(origin_at(&all, RELATION_LANES_MAX - 1, 0).source->dataset,
                     RELATION_LANES_MAX - 1);
    arena_destroy(fixture.arena);
}

/* A union of a dataset with itself has one source, however often it is repeated. */
static void
a_source_counts_once(void **state)
{
    enum { TIMES = 20 };
    struct fixture    fixture = fixture_create();
    struct relation   all = fixture_relation(&fixture, 3, "A:iz | 1 | 2");
    const uint8_t     which[] = {0, 1};
    const uint32_t    picked[] = {0, 1};
    struct lanes_pick pick = {.which = which, .rows = picked, .count = ARRAY_COUNT(picked)};

    (void)state;
    for (size_t i = 0; i < TIMES; i++) {
        struct relation        before = all;
        const struct relation *both[] = {&before, &before};
        pick.relations = both;
        pick.relation_count = ARRAY_COUNT(both);
        assert_int_equal(lanes_of_pick(fixture.arena, &pick, &all, NULL), ERR_OK);
    }
    assert_int_equal(all.lane_count, 1);
    assert_int_equal(all.lanes[0].source_count, 1);
    assert_string_equal(fixture_origins(&fixture, &all), "3:0, 3:1");
    arena_destroy(fixture.arena);
}

/* 255, 256 and 257 different sources: the last of too many is forgotten, the others are not. */
static void
sources_beyond_the_limit_are_forgotten(void **state)
{
    enum { SOURCES = 257 };
    struct fixture  fixture = fixture_create();
    struct relation all = fixture_relation(&fixture, 0, "A:iz | 0");

    (void)state;
    for (uint32_t i = 1; i < SOURCES; i++) {
        struct relation        before = all;
        struct relation        next = fixture_relation(&fixture, i, "A:iz | 0");
        const struct relation *both[] = {&before, &next};
        uint8_t                which[SOURCES] = {0};
        uint32_t               picked[SOURCES] = {0};
        for (uint32_t row = 0; row < i; row++) {
            picked[row] = row;
        }
        which[i] = 1;
        struct lanes_pick pick = {both, ARRAY_COUNT(both), which, picked, i + 1};
        assert_int_equal(lanes_of_pick(fixture.arena, &pick, &all, NULL), ERR_OK);
        all.row_count = i + 1;
        struct origin first = origin_at(&all, 0, 0);
        struct origin last = origin_at(&all, 0, i);
        assert_int_equal(first.source->dataset, 0);
        assert_int_equal(last.source == NULL, i >= 256);
        assert_true(i >= 256 || last.source->dataset == i);
    }
    arena_destroy(fixture.arena);
}

/* Every pair of 2^13 rows on each side makes as many as may be; one row more is too many. */
static void
joins_that_multiply_rows_are_refused_before_they_are_made(void **state)
{
    enum { SIDE = 1 << 13 };
    struct fixture                  fixture = fixture_create();
    int64_t                        *numbers = ARENA_NEW(fixture.arena, int64_t, SIDE + 1);
    const struct relation_component components[] = {
        {STR_INIT("L"), RELATION_IDENTIFIER, RELATION_INTEGER, 0, RELATION_PLAIN},
        {STR_INIT("R"), RELATION_IDENTIFIER, RELATION_INTEGER, 0, RELATION_PLAIN}
    };
    struct relation_column column = {.values = numbers};
    struct relation        left = {0};
    struct relation        right = {0};
    struct relation        out = {0};
    struct fault           fault = {0};
    struct relation        made = {
               .vocabulary = fixture.vocabulary, .component_count = 1, .columns = &column};

    (void)state;
    for (int64_t i = 0; i <= SIDE; i++) {
        numbers[i] = i;
    }
    made.components = &components[0];
    made.row_count = SIDE + 1;
    assert_int_equal(relation_create(fixture.arena, &made, 0, &left, NULL), ERR_OK);
    made.components = &components[1];
    made.row_count = SIDE;
    assert_int_equal(relation_create(fixture.arena, &made, 1, &right, NULL), ERR_OK);
    struct join join = {.kind = JOIN_INNER, .left = &left, .right = &right};
    assert_int_equal(join_run(fixture.arena, &join, &out, &fault), ERR_LIMIT);
    assert_non_null(strstr(fault.text, "a join of 67117056 rows, at most 67108864"));
    /* As many as may be need more memory than this arena has, and say so. */
    left.row_count = SIDE;
    assert_int_equal(join_run(fixture.arena, &join, &out, &fault), ERR_MEMORY);
    arena_destroy(fixture.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(join_follows_the_table),
        cmocka_unit_test(what_cannot_be_joined_is_refused),
        cmocka_unit_test(common_identifiers_must_be_alike),
        cmocka_unit_test(joins_stop_at_the_most_components),
        cmocka_unit_test(joins_remember_as_many_operands_as_is_said),
        cmocka_unit_test(a_source_counts_once),
        cmocka_unit_test(sources_beyond_the_limit_are_forgotten),
        cmocka_unit_test(joins_that_multiply_rows_are_refused_before_they_are_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
