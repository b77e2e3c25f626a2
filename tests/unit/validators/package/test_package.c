#include "tests/support/expect.h"
#include "validators/package/package.h"

#include <string.h>

#define FORTY "a234567890b234567890c234567890d234567890"

static const struct {
    const char *first; /* NULL: the element does not stand there */
    const char *second;
    const char *want;
} cases[] = {
    {NULL,              NULL,     ""                      },
    {"kbw",             NULL,     "kbw"                   },
    {"wojewoda-lodzki", "powiat", "wojewoda-lodzki/powiat"},
    {NULL,              "powiat", "/powiat"               },
    {" kbw\n",          NULL,     "kbw"                   },
    {"A.b_C-1",         NULL,     "A.b_C-1"               },
    {FORTY,             FORTY,    FORTY "/" FORTY         },
 /* What the schema refuses is no part of a key. */
    {FORTY "x",         NULL,     ""                      },
    {"",                NULL,     ""                      },
    {"  ",              "powiat", ""                      },
    {"kbw",             "",       ""                      },
    {"kbw/powiat",      NULL,     ""                      },
    {"kbw mf",          NULL,     ""                      },
    {"\xc5\x82",        NULL,     ""                      },
    {"*",               NULL,     ""                      },
};

static void
variant_is_what_may_stand_in_a_key_and_else_empty(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(4096);
        struct report report = {0};
        if (cases[i].first != NULL) {
            report.header.variants[0].text = str_of(cases[i].first);
        }
        if (cases[i].second != NULL) {
            report.header.variants[1].text = str_of(cases[i].second);
        }
        struct str told = package_variant(arena, &report);
        EXPECT(told.data != NULL && str_equal(told, str_of(cases[i].want)), cases[i].want);
        arena_destroy(arena);
    }
}

static void
variant_that_finds_no_memory_is_told_apart_from_none(void **state)
{
    struct arena *arena = arena_create(1);
    struct report report = {.header.variants = {{.text = STR("kbw")}}};

    (void)state;
    assert_null(package_variant(arena, &report).data);
    report.header.variants[0] = (struct field){0};
    assert_non_null(package_variant(arena, &report).data);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variant_is_what_may_stand_in_a_key_and_else_empty),
        cmocka_unit_test(variant_that_finds_no_memory_is_told_apart_from_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
