#include "tests/support/expect.h"
#include "validators/vtl/terms.h"

enum { ARENA_MAX = 16 * 1024 * 1024 };

/* Each side of a condition as the sum that it is: "-|B|" is taken off, as an absolute value. */
static const struct {
    const char *condition;
    const char *left;
    const char *right;
} rows[] = {
    {"A = B + C",                         "",        "B C"   },
    {"nvl(A, 0) = nvl(B, 0) + nvl(C, 0)", "",        "B C"   },
    {"A - B = C - D",                     "A -B",    "C -D"  },
    {"A - (B - C) = D",                   "A -B C",  ""      },
    {"A = 0 - B - C",                     "",        "-B -C" },
    {"A = -B + C",                        "",        "-B C"  },
    {"abs(A) + abs(nvl(B, 0)) = 0",       "|A| |B|", ""      },
    {"0 - abs(A) + B = 0",                "-|A| B",  ""      },
    {"A = B + WIDE",                      "",        "B WIDE"},
    {"A = B + B",                         "",        "B B"   },
    {"when A > 0 then B + C <= D",        "B C",     ""      },
    {"A = B",                             "",        ""      },
    {"A = B + 1",                         "",        ""      },
    {"A = B * C",                         "",        ""      },
    {"A = B * 2 + C",                     "",        ""      },
    {"A = abs(B + C)",                    "",        ""      },
    {"A = nvl(B, 1) + C",                 "",        ""      },
    {"A = round(B, 0) + C",               "",        ""      },
    {"A = if B > C then B else C",        "",        ""      },
    {"A = 0",                             "",        ""      },
    {"isnull(A)",                         "",        ""      },
    {"A = B + C and C = D",               "",        ""      },
    {"not (A = B + C)",                   "",        ""      },
};

/* A to E with two digits, WIDE with four. */
static struct vtl_plan *
bind(struct arena *arena, const char *condition, struct vtl_problem *problem)
{
    static const struct vtl_component components[] = {
        {STR_INIT("A"),    VTL_MEASURE, VTL_NUMBER, 2},
        {STR_INIT("B"),    VTL_MEASURE, VTL_NUMBER, 2},
        {STR_INIT("C"),    VTL_MEASURE, VTL_NUMBER, 2},
        {STR_INIT("D"),    VTL_MEASURE, VTL_NUMBER, 2},
        {STR_INIT("WIDE"), VTL_MEASURE, VTL_NUMBER, 4},
    };
    struct vtl_binding binding = {
        .ruleset = STR("R"), .structure = {components, ARRAY_COUNT(components)}
    };
    struct vtl_script *script = NULL;
    struct vtl_plan   *plan = NULL;
    struct fault       fault = {0};
    struct str         text = str_format(arena,
                                         "define datapoint ruleset R (variable A, B, C, D, WIDE) is "
                                                 "R1: %s end datapoint ruleset;",
                                         condition);

    EXPECT(vtl_parse(arena, text, &script, problem, &fault) == ERR_OK, condition);
    EXPECT(vtl_bind(arena, script, &binding, &plan, problem, &fault) == ERR_OK, condition);
    return plan;
}

static struct str
describe(struct arena *arena, const struct vtl_plan *plan, enum terms_side side)
{
    static const char *const names[] = {"A", "B", "C", "D", "WIDE"};
    struct term              terms[TERMS_MAX];
    struct str               text = STR("");
    size_t                   count = terms_find(plan, 0, side, terms);

    for (size_t i = 0; i < count; i++) {
        const char *bar = terms[i].absolute ? "|" : "";
        text = str_format(arena, "%.*s%s%s%s%s%s", STR_ARG(text), i > 0 ? " " : "",
                          terms[i].negative ? "-" : "", bar, names[terms[i].component], bar);
    }
    return text;
}

static void
a_side_is_a_sum_or_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena      *arena = arena_create(ARENA_MAX);
        struct vtl_problem problem = {0};
        struct vtl_plan   *plan = bind(arena, rows[i].condition, &problem);
        struct str         left = describe(arena, plan, TERMS_LEFT);
        struct str         right = describe(arena, plan, TERMS_RIGHT);

        if (!str_equal(left, str_of(rows[i].left)) || !str_equal(right, str_of(rows[i].right))) {
            fail_msg("%s: '%.*s' = '%.*s'", rows[i].condition, STR_ARG(left), STR_ARG(right));
        }
        arena_destroy(arena);
    }
}

/* A sum of more terms than are told is none; one of just as many is. */
static void
a_sum_has_as_many_terms_as_the_limit_says(void **state)
{
    (void)state;
    for (int count = TERMS_MAX - 1; count <= TERMS_MAX + 1; count++) {
        struct arena      *arena = arena_create(ARENA_MAX);
        struct vtl_problem problem = {0};
        struct term        terms[TERMS_MAX];
        struct str         condition = STR("A = B");

        for (int i = 1; i < count; i++) {
            condition = str_format(arena, "%.*s + B", STR_ARG(condition));
        }
        struct vtl_plan *plan = bind(arena, condition.data, &problem);
        assert_int_equal(terms_find(plan, 0, TERMS_RIGHT, terms), count <= TERMS_MAX ? count : 0);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_is_a_sum_or_nothing),
        cmocka_unit_test(a_sum_has_as_many_terms_as_the_limit_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
