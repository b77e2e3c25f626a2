#include "gateway/ticks/ticks.h"

#include <time.h>

enum { NANOSECONDS_PER_MICROSECOND = 1000 };

static int64_t
read_clock(clockid_t clock)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(clock, &now) == 0);
    return (int64_t)now.tv_sec * INSTANT_PER_SECOND + now.tv_nsec / NANOSECONDS_PER_MICROSECOND;
}

int64_t
ticks_steady(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t
ticks_ms(void)
{
    return ticks_steady() / TICKS_PER_MS;
}

instant
ticks_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}
