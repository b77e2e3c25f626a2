#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"

#include <string.h>

static void
texts_come_back(void **state)
{
    static const char *const texts[] = {
        "",
        "A:is",
        "A:is | x | \"\"",
        "JST:is OKRES:it PLAN:mn2 | 01 2026Q1 10.00 | 02 2026A _ | 03 2026D366 -0.05",
    };

    (void)state;
    for (size_t i = 1; i < ARRAY_COUNT(texts) - 1; i++) {
        struct fixture  fixture = fixture_create();
        struct relation relation = fixture_relation(&fixture, 0, texts[i]);
        assert_string_equal(fixture_text(&fixture, &relation), texts[i]);
        arena_destroy(fixture.arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_come_back)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
