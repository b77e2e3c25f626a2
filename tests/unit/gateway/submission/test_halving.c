#include "gateway/submission/halving.h"
#include "tests/support/expect.h"

enum { COUNT = 64, DEPTH = 7 };

/* Which submissions are to blame. */
static const struct {
    const char *name;
    size_t      culprits[2];
    size_t      culprit_count;
} cases[] = {
    {"nobody",            {0},      0},
    {"the first",         {0},      1},
    {"the last",          {63},     1},
    {"one in the middle", {31},     1},
    {"neighbours",        {31, 32}, 2},
    {"two far apart",     {0, 63},  2},
};

static size_t
blamed(size_t row, const struct part *part)
{
    size_t count = 0;

    for (size_t i = 0; i < cases[row].culprit_count; i++) {
        size_t place = cases[row].culprits[i];
        count += place >= part->from && place < part->from + part->count ? 1 : 0;
    }
    return count;
}

static void
halving_finds_the_culprits_and_lets_all_others_through(void **state)
{
    (void)state;
    for (size_t row = 0; row < ARRAY_COUNT(cases); row++) {
        struct halving halving = halving_create(COUNT, 1);
        struct part    part = {0};
        size_t         through = 0;
        size_t         found = 0;
        size_t         parts = 0;
        while (halving_next(&halving, &part)) {
            parts++;
            EXPECT(part.stage == (parts == 1 ? 1 : 2), cases[row].name);
            if (blamed(row, &part) == 0) {
                through += part.count;
            } else if (halving_split(&halving, &part, 2)) {
                EXPECT(part.count == 1, cases[row].name);
                found++;
            }
        }
        EXPECT(found == cases[row].culprit_count, cases[row].name);
        EXPECT(through + found == COUNT, cases[row].name);
        EXPECT(parts <= 1 + cases[row].culprit_count * 2 * (DEPTH - 1), cases[row].name);
    }
}

static void
every_count_is_split_down_to_single_ones(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COUNT; count++) {
        struct halving halving = halving_create(count, 0);
        struct part    part = {0};
        size_t         next = 0;
        while (halving_next(&halving, &part)) {
            if (halving_split(&halving, &part, 0)) {
                assert_int_equal(part.from, next); /* in the order of the batch */
                next++;
            }
        }
        assert_int_equal(next, count);
    }
}

static void
what_is_left_of_a_culprit_comes_next(void **state)
{
    struct halving halving = halving_create(2, 0);
    struct part    part = {0};

    (void)state;
    assert_true(halving_next(&halving, &part));
    assert_false(halving_split(&halving, &part, 2));
    assert_true(halving_next(&halving, &part));
    assert_true(halving_split(&halving, &part, 2));
    halving_add(&halving, &part, 3);
    assert_true(halving_next(&halving, &part));
    assert_int_equal(part.from, 0);
    assert_int_equal(part.stage, 3);
    assert_true(halving_next(&halving, &part));
    assert_int_equal(part.from, 1);
    assert_int_equal(part.stage, 2);
    assert_false(halving_next(&halving, &part));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halving_finds_the_culprits_and_lets_all_others_through),
        cmocka_unit_test(every_count_is_split_down_to_single_ones),
        cmocka_unit_test(what_is_left_of_a_culprit_comes_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
