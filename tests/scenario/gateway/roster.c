#include "tests/scenario/gateway/roster.h"

#include "validators/base/ensure.h"

#include <string.h>

void
roster_expect(const struct attack *attacks, size_t attack_count, const char *(*seed_of)(size_t row),
              size_t row_count)
{
    size_t placed = 0;

    for (size_t i = 0; i < attack_count; i++) {
        const struct attack *attack = &attacks[i];
        size_t               before = placed;
        for (size_t row = 0; row < row_count; row++) {
            placed += strcmp(seed_of(row), attack->seed) == 0 ? 1 : 0;
        }
        EXPECT(placed > before || attack->scene != NULL, attack->seed);
    }
    assert_int_equal(placed, row_count);
}

int
roster_run(const struct roster *roster)
{
    struct CMUnitTest tests[ROSTER_TESTS_MAX] = {{0}};
    size_t            count = roster->test_count;

    ENSURE(count + roster->attack_count <= ROSTER_TESTS_MAX);
    memcpy(tests, roster->tests, count * sizeof *tests);
    for (size_t i = 0; i < roster->attack_count; i++) {
        if (roster->attacks[i].scene != NULL) {
            tests[count].name = roster->attacks[i].seed;
            tests[count].test_func = roster->attacks[i].scene;
            count++;
        }
    }
    return _cmocka_run_group_tests(roster->name, tests, count, roster->start, roster->stop);
}
