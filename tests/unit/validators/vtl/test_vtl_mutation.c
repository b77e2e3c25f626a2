#include "tests/support/expect.h"
#include "validators/vtl/mutation.h"

#include <string.h>

enum { ARENA_MAX = 16 * 1024 * 1024 };

/* A ruleset of one rule; its condition begins at character 4 of line 2. */
#define RULE(condition)                                              \
    "define datapoint ruleset R (variable A, B, C as K, 'D x') is\n" \
    "R:" condition " errorcode \"R-001\" errorlevel 1 end datapoint ruleset;"

/* Every change of a condition, as "column was>becomes", in order. */
static const struct {
    const char *condition;
    const char *changes;
} rows[] = {
    {" true",                   "4 true>false"                                  },
    {" false",                  "4 false>true"                                  },
    {" A = B",                  "4 A>B 6 =><> 8 B>A 8 B>K"                      },
    {" K <> 1",                 "4 K>B 4 K>D x 6 <>>= 9 1>2"                    },
    {" C < 199",                "6 <><= 6 <>> 8 199>200"                        },
    {" C <= 0",                 "6 <=>< 6 <=>>= 9 0>1"                          },
    {" C > 9",                  "6 >>>= 6 >>< 8 9>10"                           },
    {" C >= 0.01",              "6 >=>> 6 >=><= 9 0.01>10.01"                   },
    {" C + C - C * C / C",      "6 +>- 10 ->+ 14 *>+ 18 />*"                    },
    {" -C = C",                 "4 ->+ 7 =><>"                                  },
    {" C and C or C xor C",     "6 and>or 12 or>and 17 xor>or"                  },
    {" not C",                  "4 not>"                                        },
    {" abs(C) = C",             "4 abs> 11 =><>"                                },
    {" C in {\"1\"}",           "6 in>not_in"                                   },
    {" C not_in DOMAIN",        "6 not_in>in"                                   },
    {" when C then 'D x'",      "16 D x>K"                                      },
    {" C = \"A = B\"",          "6 =><>"                                        },
    {" C /* = A */",            ""                                              },
    {" 99999999999999999 = C",  "4 99999999999999999>100000000000000000 22 =><>"},
    {" 999999999999999999 = C", "23 =><>"                                       },
};

static struct str
describe(struct arena *arena, const struct mutation *items, size_t count)
{
    struct str text = STR("");

    for (size_t i = 0; i < count; i++) {
        text = str_format(arena, "%.*s%s%u %.*s>%.*s", STR_ARG(text), i > 0 ? " " : "",
                          items[i].place.column, STR_ARG(items[i].was), STR_ARG(items[i].becomes));
    }
    return text;
}

static void
each_token_has_its_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena      *arena = arena_create(ARENA_MAX);
        struct str         text = str_format(arena, RULE("%s"), rows[i].condition);
        struct mutation   *items = NULL;
        size_t             count = 0;
        struct vtl_problem problem = {0};
        struct fault       fault = {0};

        EXPECT(mutation_list(arena, text, &items, &count, &problem, &fault) == ERR_OK,
               problem.text);
        struct str got = describe(arena, items, count);
        if (!str_equal(got, str_of(rows[i].changes))) {
            fail_msg("%s: %.*s", rows[i].condition, STR_ARG(got));
        }
        arena_destroy(arena);
    }
}

static void
a_change_touches_nothing_else(void **state)
{
    static const char  before[] = "\xEF\xBB\xBF/* ą */ " RULE(" A <= B");
    static const char  after[] = "\xEF\xBB\xBF/* ą */ " RULE(" A < B");
    struct arena      *arena = arena_create(ARENA_MAX);
    struct mutation   *items = NULL;
    size_t             count = 0;
    struct vtl_problem problem = {0};
    struct fault       fault = {0};
    struct str         text = STR("");

    (void)state;
    assert_int_equal(mutation_list(arena, str_of(before), &items, &count, &problem, &fault),
                     ERR_OK);
    assert_int_equal(count, 5);
    assert_true(str_equal(items[0].rule, STR("R")));
    assert_int_equal(items[1].place.line, 2);
    assert_int_equal(mutation_apply(arena, str_of(before), &items[1], &text, &fault), ERR_OK);
    assert_true(str_equal(text, str_of(after)));
    arena_destroy(arena);
}

static void
changes_bear_the_name_of_their_rule(void **state)
{
    static const char        script[] = "define datapoint ruleset R (variable A) is\n"
                                        "P: A = 1; Q: A > A errorcode \"Q-001\"; S: isnull(A)\n"
                                        "end datapoint ruleset;\n"
                                        "define datapoint ruleset T (variable A) is\n"
                                        "Q: not isnull(A)\n"
                                        "end datapoint ruleset;\n";
    static const char *const rules[] = {"P", "P", "Q", "Q", "Q"};
    struct arena            *arena = arena_create(ARENA_MAX);
    struct mutation         *items = NULL;
    size_t                   count = 0;
    struct vtl_problem       problem = {0};
    struct fault             fault = {0};

    (void)state;
    assert_int_equal(mutation_list(arena, str_of(script), &items, &count, &problem, &fault),
                     ERR_OK);
    assert_int_equal(count, ARRAY_COUNT(rules));
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(items[i].rule, str_of(rules[i])));
    }
    assert_int_equal(items[4].place.line, 5);
    arena_destroy(arena);
}

static void
what_is_no_script_has_no_changes(void **state)
{
    static const char *const texts[] = {"define", RULE(" A ="), RULE(" A = \x01"), RULE("")};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct arena      *arena = arena_create(ARENA_MAX);
        struct mutation   *items = NULL;
        size_t             count = 0;
        struct vtl_problem problem = {0};
        struct fault       fault = {0};

        EXPECT(mutation_list(arena, str_of(texts[i]), &items, &count, &problem, &fault)
                   == ERR_SYNTAX,
               texts[i]);
        EXPECT(problem.line > 0 && problem.text[0] != '\0', texts[i]);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_token_has_its_changes),
        cmocka_unit_test(a_change_touches_nothing_else),
        cmocka_unit_test(changes_bear_the_name_of_their_rule),
        cmocka_unit_test(what_is_no_script_has_no_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
