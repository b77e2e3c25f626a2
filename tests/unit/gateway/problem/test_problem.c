#include "gateway/problem/problem.h"
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
slugs_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(problem_slug((enum problem)i), problem_slug((enum problem)j));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_is_valid_json_with_its_parts),
        cmocka_unit_test(what_is_empty_is_left_out),
        cmocka_unit_test(slugs_are_unique),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
