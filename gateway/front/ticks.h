#ifndef GATEWAY_FRONT_TICKS_H
#define GATEWAY_FRONT_TICKS_H

#include "validators/base/moment.h"

/* The two clocks, both in microseconds. */
int64_t ticks_steady(void); /* never goes back: for durations and deadlines */
instant ticks_wall(void);   /* what the time is: for arrivals */

#endif
