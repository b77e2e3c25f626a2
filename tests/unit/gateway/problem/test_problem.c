#include "gateway/problem/problem_page.h"
#include "gateway/problem/unfamiliar.h"
#include "tests/support/expect.h"

#include <jansson.h>
#include <string.h>

enum { MEMORY = 64 * 1024 };

static void
every_problem_is_valid_json_with_its_parts(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        struct arena *arena = arena_create(MEMORY);
        struct buf    out = buf_create(arena, MEMORY / 4);
        enum problem  problem = (enum problem)i;

        problem_write(&out, problem, STR("https://x"), STR("co \"teraz\""), STR("/a"),
                      (struct uuid){{1}});
        json_t *json = json_loadb(out.data, out.size, 0, NULL);
        EXPECT(json != NULL, problem_slug(problem));
        EXPECT(json_integer_value(json_object_get(json, "status")) == problem_status(problem),
               problem_slug(problem));
        const char *type = json_string_value(json_object_get(json, "type"));
        EXPECT(strncmp(type, "https://x/problemy/", 19) == 0, problem_slug(problem));
        EXPECT(strcmp(type + 19, problem_slug(problem)) == 0, problem_slug(problem));
        EXPECT(json_object_size(json) == 6, problem_slug(problem));
        json_decref(json);
        arena_destroy(arena);
    }
}

static void
what_is_empty_is_left_out(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    struct buf    out = buf_create(arena, MEMORY / 4);

    (void)state;
    problem_write(&out, PROBLEM_NOT_FOUND, STR(""), (struct str){0}, (struct str){0},
                  (struct uuid){{0}});
    json_t *json = json_loadb(out.data, out.size, 0, NULL);
    assert_int_equal(json_object_size(json), 3);
    json_decref(json);
    arena_destroy(arena);
}

static void
only_who_names_html_first_gets_a_page(void **state)
{
    static const struct {
        const char *accept;
        bool        wanted;
    } cases[] = {
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true },
        {"TEXT/HTML",                                                       true },
        {" image/png , text/html;q=0.5",                                    true },
        {"text/html;q=0",                                                   false},
        {"application/json, text/html",                                     false},
        {"application/problem+json,text/html",                              false},
        {"text/html, application/json",                                     true },
        {"*/*",                                                             false},
        {"text/*",                                                          false},
        {"text/html5",                                                      false},
        {"application/json",                                                false},
        {"",                                                                false},
        {",;,",                                                             false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(problem_page_is_wanted(str_of(cases[i].accept)) == cases[i].wanted, cases[i].accept);
    }
    assert_false(problem_page_is_wanted((struct str){0}));
}

static void
a_page_says_what_the_json_says_and_escapes_it(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        struct arena *arena = arena_create(MEMORY);
        struct buf    out = buf_create(arena, MEMORY / 4);
        enum problem  problem = (enum problem)i;

        problem_page_write(&out, problem, STR("<script>a&b"), (struct uuid){{1}});
        buf_byte(&out, '\0');
        EXPECT(buf_ok(&out), problem_slug(problem));
        EXPECT(strstr(out.data, problem_title(problem)) != NULL, problem_slug(problem));
        EXPECT(strstr(out.data, "&lt;script&gt;a&amp;b") != NULL, problem_slug(problem));
        EXPECT(strstr(out.data, "<script") == NULL, problem_slug(problem));
        EXPECT(strstr(out.data, str_format(arena, "\"/problemy/%s\"", problem_slug(problem)).data)
                   != NULL,
               problem_slug(problem));
        EXPECT(strstr(out.data, "01000000-0000-0000-0000-000000000000") != NULL,
               problem_slug(problem));
        arena_destroy(arena);
    }
}

static void
slugs_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(problem_slug((enum problem)i), problem_slug((enum problem)j));
        }
    }
}

static void
a_name_that_is_not_known_is_found_and_told_with_those_that_are(void **state)
{
    static const struct {
        const char *query;
        const char *known;
        const char *want; /* NULL: none */
    } cases[] = {
        {"",            "",    NULL   },
        {"a=1",         "a b", NULL   },
        {"b=1&a=2",     "a b", NULL   },
        {"a=1&&b=",     "a b", NULL   },
        {"a",           "a",   NULL   },
        {"=1",          "a",   NULL   },
        {"a=1",         "",    "a"    },
        {"a=1&c=2&d=3", "a b", "c"    },
        {"A=1",         "a",   "A"    },
        {"ab=1",        "a b", "ab"   },
        {"a%20b=1",     "a b", "a%20b"},
        {"c",           "a",   "c"    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str got = unfamiliar_find(str_of(cases[i].query), str_of(cases[i].known));
        EXPECT((got.data == NULL) == (cases[i].want == NULL), cases[i].query);
        EXPECT(str_equal(got, str_of(cases[i].want)), cases[i].query);
    }
    struct arena *arena = arena_create(1 << 16);
    EXPECT(str_equal(unfamiliar_detail(arena, UNFAMILIAR_PARAMETER, STR("c"), STR("a b")),
                     STR("Parametru „c” ten adres nie zna. Zna: a, b.")),
           "parameter");
    EXPECT(str_equal(unfamiliar_detail(arena, UNFAMILIAR_FIELD, STR("c\"\n\xC5"), STR("")),
                     STR("Pola „c\"??” to żądanie nie zna. Nie ma żadnych.")),
           "field");
    static char long_name[100];
    memset(long_name, 'x', sizeof long_name - 1);
    EXPECT(unfamiliar_detail(arena, UNFAMILIAR_FIELD, str_of(long_name), STR("")).size
               == unfamiliar_detail(arena, UNFAMILIAR_FIELD, str_slice(str_of(long_name), 0, 40),
                                    STR(""))
                      .size,
           "long");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_is_valid_json_with_its_parts),
        cmocka_unit_test(what_is_empty_is_left_out),
        cmocka_unit_test(only_who_names_html_first_gets_a_page),
        cmocka_unit_test(a_page_says_what_the_json_says_and_escapes_it),
        cmocka_unit_test(slugs_are_unique),
        cmocka_unit_test(a_name_that_is_not_known_is_found_and_told_with_those_that_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
