#ifndef TESTS_SUPPORT_WATCH_H
#define TESTS_SUPPORT_WATCH_H

#include "tests/support/station.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Waiting for what a station will say, without depending on how long it takes: the question is
 * asked again after a rest, and given up only when something must hang.
 */
enum { WATCH_TRIES_MAX = 2400 };

void watch_rest(void); /* 25 ms */

/* How often the station's log has this text so far. */
size_t watch_log_count(const struct station *station, const char *text);

/* Wait until it has it `wanted` times; false: it has not come in a minute of rests. */
bool watch_log(const struct station *station, const char *text, size_t wanted);

#endif
