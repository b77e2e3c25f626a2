#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"

#include <string.h>

static void
relations_have_the_cells_they_were_given(void **state)
{
    static const char *const texts[] = {
        "A:is",
        "A:is | x | \"\"",
        "JST:is OKRES:it PLAN:mn2 | 01 2026Q1 10.00 | 02 2026A _ | 03 2026D365 -0.05",
        "N:in18 Z:mz B:ab | -0.000000000000000001 170141183460469231731687303715884105727 true",
        "K:iz S:ms T:mt B:mb N:mn0 | 1 ? ? ? ? | 2 ! ! ! ! | 3 _ _ _ _ | 4 a 2026M02 false 0",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct fixture  fixture = fixture_create();
        struct relation relation = fixture_relation(&fixture, 7, texts[i]);
        assert_string_equal(fixture_text(&fixture, &relation), texts[i]);
        assert_int_equal(relation.lane_count, 1);
        arena_destroy(fixture.arena);
    }
}

/* A relation of one component and two rows, with one thing wrong. */
struct wrong {
    struct relation_component component;
    struct relation_column    column;
};

static const int64_t     numbers[] = {1, 2};
static const int64_t     hidden[] = {1, 5};
static const int64_t     periods[] = {INT64_C(2026) + (INT64_C(1) << 32), INT64_C(1) << 32};
static const amount_wide wide[] = {1, (amount_wide)1 << 100};
static const amount_wide thin[] = {1, INT64_MAX};
static const uint32_t    known[] = {1, 1};
static const uint32_t    strange[] = {1, 2};
static const uint32_t    null_ids[] = {1, 0};
static const uint8_t     second_null[] = {1, 0};
static const uint8_t     no_state[] = {1, 4};
static const uint8_t     both_there[] = {1, 1};

static const struct {
    const char  *name;
    struct wrong wrong;
    enum err     want;
    const char  *complaint;
} creations[] = {
    {"integers",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_INTEGER, 0, RELATION_PLAIN}, {.values = numbers}},
     ERR_OK,    ""                                           },
    {"a wide number",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 18, RELATION_PLAIN}, {.wide = wide}},
     ERR_OK,    ""                                           },
    {"strings, one of them null",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_STRING, 0, RELATION_PLAIN}, {.ids = null_ids}},
     ERR_OK,    ""                                           },
    {"no name",
     {{{0}, RELATION_MEASURE, RELATION_INTEGER, 0, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "component 0 has no name"                    },
    {"a scale above the limit",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 19, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "scale 19"                                   },
    {"a negative scale",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, -1, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "scale -1"                                   },
    {"an integer with a scale",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_INTEGER, 1, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "scale 1"                                    },
    {"no such type",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_TYPES, 0, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "type"                                       },
    {"no such role",
     {{STR_INIT("A"), (enum relation_role)3, RELATION_INTEGER, 0, RELATION_PLAIN},
      {.values = numbers}},
     ERR_USAGE, "role"                                       },
    {"strings without ids",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_STRING, 0, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "its column is of another type"              },
    {"numbers with ids",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 0, RELATION_PLAIN}, {.ids = known}},
     ERR_USAGE, "its column is of another type"              },
    {"numbers narrow and wide",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 0, RELATION_PLAIN},
      {.values = numbers, .wide = wide}},
     ERR_USAGE, "its column is of another type"              },
    {"a wide period",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_TIME_PERIOD, 0, RELATION_PLAIN}, {.wide = wide}},
     ERR_USAGE, "its column is of another type"              },
    {"no array",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 0, RELATION_PLAIN}, {0}},
     ERR_USAGE, "its column is of another type"              },
    {"wide without need",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 0, RELATION_PLAIN}, {.wide = thin}},
     ERR_USAGE, "wide without need"                          },
    {"a value where there is none",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 0, RELATION_PLAIN},
      {.values = hidden, .states = second_null}},
     ERR_USAGE, "'A', row 1: a cell without a value is not 0"},
    {"no such state",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_NUMBER, 0, RELATION_PLAIN},
      {.values = numbers, .states = no_state}},
     ERR_USAGE, "row 1: its state"                           },
    {"an identifier that is null",
     {{STR_INIT("A"), RELATION_IDENTIFIER, RELATION_STRING, 0, RELATION_PLAIN}, {.ids = null_ids}},
     ERR_USAGE, "row 1: an identifier is not present"        },
    {"a string that the vocabulary does not have",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_STRING, 0, RELATION_PLAIN}, {.ids = strange}},
     ERR_USAGE, "row 1: a string is not of the vocabulary"   },
    {"a null string that is said to be there",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_STRING, 0, RELATION_PLAIN},
      {.ids = null_ids, .states = both_there}},
     ERR_USAGE, "row 1: a string is not of the vocabulary"   },
    {"a boolean that is 2",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_BOOLEAN, 0, RELATION_PLAIN}, {.values = numbers}},
     ERR_USAGE, "row 1: a boolean is neither"                },
    {"a period that is none",
     {{STR_INIT("A"), RELATION_MEASURE, RELATION_TIME_PERIOD, 0, RELATION_PLAIN},
      {.values = periods}},
     ERR_USAGE, "row 1: a time_period is none"               },
};

static void
relation_create_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(creations); i++) {
        struct fixture  fixture = fixture_create();
        struct relation out = {0};
        struct fault    fault = {0};
        uint32_t        id = 0;
        struct relation made = {.vocabulary = fixture.vocabulary,
                                .component_count = 1,
                                .components = &creations[i].wrong.component,
                                .columns = &creations[i].wrong.column,
                                .row_count = 2};

        assert_int_equal(vocabulary_add(fixture.vocabulary, STR("x"), &id, NULL), ERR_OK);
        EXPECT(relation_create(fixture.arena, &made, 0, &out, &fault) == creations[i].want,
               creations[i].name);
        EXPECT(strstr(fault.text, creations[i].complaint) != NULL, creations[i].name);
        EXPECT((out.vocabulary != NULL) == (creations[i].want == ERR_OK), creations[i].name);
        arena_destroy(fixture.arena);
    }
}

static void
two_components_of_one_name_are_refused(void **state)
{
    struct fixture  fixture = fixture_create();
    struct relation out = {0};
    struct fault    fault = {0};

    (void)state;
    assert_int_equal(fixture_try(&fixture, "A:is B:mz A:mz | x 1 2", &out, &fault), ERR_USAGE);
    assert_non_null(strstr(fault.text, "two components are named 'A'"));
    /* Case matters. */
    assert_int_equal(fixture_try(&fixture, "A:is a:mz | x 1", &out, &fault), ERR_OK);
    arena_destroy(fixture.arena);
}

static void
rows_and_components_stop_at_their_limits(void **state)
{
    struct fixture            fixture = fixture_create();
    struct relation           out = {0};
    struct relation_component components[RELATION_COMPONENTS_MAX + 1];
    struct relation_column    columns[RELATION_COMPONENTS_MAX + 1];

    (void)state;
    for (size_t i = 0; i <= RELATION_COMPONENTS_MAX; i++) {
        components[i] =
            (struct relation_component){str_format(fixture.arena, "C%zu", i), RELATION_MEASURE,
                                        RELATION_INTEGER, 0, RELATION_PLAIN};
        columns[i] = (struct relation_column){.values = numbers};
    }
    for (int more = -1; more <= 1; more++) {
        struct relation tall = {.vocabulary = fixture.vocabulary,
                                .row_count = (size_t)(RELATION_ROWS_MAX + more)};
        struct relation broad = {.vocabulary = fixture.vocabulary,
                                 .component_count = (size_t)(RELATION_COMPONENTS_MAX + more),
                                 .components = components,
                                 .columns = columns,
                                 .row_count = 2};
        enum err        want = more > 0 ? ERR_LIMIT : ERR_OK;
        assert_int_equal(relation_create(fixture.arena, &tall, 0, &out, NULL), want);
        assert_int_equal(relation_create(fixture.arena, &broad, 0, &out, NULL), want);
    }
    arena_destroy(fixture.arena);
}

static const struct {
    const char *text;
    bool        found;
    uint32_t    first;
    uint32_t    second;
} duplicates[] = {
    {"A:is M:mz",                                               false, 0, 0},
    {"A:is M:mz | x 1",                                         false, 0, 0},
    {"A:is M:mz | x 1 | y 1",                                   false, 0, 0},
    {"A:is M:mz | x 1 | y 1 | x 2",                             true,  0, 2},
    {"A:is M:mz | x 1 | y 1 | y 2 | x 3",                       true,  1, 2},
    {"A:is B:it M:mz | x 2026Q1 1 | x 2026M01 1",               false, 0, 0},
    {"A:is B:it M:mz | x 2026Q1 1 | x 2026Q1 1",                true,  0, 1},
    {"M:mz | 1",                                                false, 0, 0},
    {"M:mz | 1 | 2",                                            true,  0, 1},
    {"A:in0 | 99999999999999999999 | 5 | 99999999999999999998", false, 0, 0},
    {"A:in0 | 99999999999999999999 | 5 | 99999999999999999999", true,  0, 2},
};

static void
duplicates_are_reported_with_both_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(duplicates); i++) {
        struct fixture            fixture = fixture_create();
        struct relation           relation = fixture_relation(&fixture, 0, duplicates[i].text);
        struct relation_duplicate got = {0};
        EXPECT(relation_duplicate(fixture.arena, &relation, &got, NULL) == ERR_OK,
               duplicates[i].text);
        EXPECT(got.found == duplicates[i].found, duplicates[i].text);
        EXPECT(got.first == duplicates[i].first, duplicates[i].text);
        EXPECT(got.second == duplicates[i].second, duplicates[i].text);
        arena_destroy(fixture.arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relations_have_the_cells_they_were_given),
        cmocka_unit_test(relation_create_follows_the_table),
        cmocka_unit_test(two_components_of_one_name_are_refused),
        cmocka_unit_test(rows_and_components_stop_at_their_limits),
        cmocka_unit_test(duplicates_are_reported_with_both_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
