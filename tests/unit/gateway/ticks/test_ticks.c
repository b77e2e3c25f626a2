#include "gateway/ticks/ticks.h"
#include "tests/support/expect.h"

enum { MICROSECONDS_PER_MS = 1000, READINGS = 1000 };

static void
the_steady_clock_never_goes_back(void **state)
{
    int64_t before = ticks_steady();

    (void)state;
    for (int i = 0; i < READINGS; i++) {
        int64_t now = ticks_steady();
        assert_true(now >= before);
        before = now;
    }
}

static void
milliseconds_are_those_of_the_steady_clock(void **state)
{
    int64_t before = ticks_steady() / MICROSECONDS_PER_MS;
    int64_t now = ticks_ms();

    (void)state;
    assert_in_range(now, before, ticks_steady() / MICROSECONDS_PER_MS);
}

static void
the_wall_clock_shows_a_year_that_moments_can_have(void **state)
{
    struct date today = moment_warsaw_date(ticks_wall() / INSTANT_PER_SECOND);

    (void)state;
    assert_in_range(today.year, MOMENT_YEAR_MIN + 1, MOMENT_YEAR_MAX);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_steady_clock_never_goes_back),
        cmocka_unit_test(milliseconds_are_those_of_the_steady_clock),
        cmocka_unit_test(the_wall_clock_shows_a_year_that_moments_can_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
