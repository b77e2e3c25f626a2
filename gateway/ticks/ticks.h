#ifndef GATEWAY_TICKS_TICKS_H
#define GATEWAY_TICKS_TICKS_H

#include "validators/base/moment.h"

/* The two clocks of the machine. Without one of them nothing could be done: the process aborts. */
int64_t ticks_steady(void); /* microseconds, never goes back: for durations and deadlines */
int64_t ticks_ms(void);     /* the same clock in milliseconds */
instant ticks_wall(void);   /* what the time is, in microseconds: for arrivals */

enum { TICKS_PER_MS = 1000 };

#endif
