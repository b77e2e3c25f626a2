#ifndef TESTS_SCENARIO_HTTP_STAND_FIXTURE_H
#define TESTS_SCENARIO_HTTP_STAND_FIXTURE_H

#include "tests/scenario/http/stand.h"

/* One stand with nginx for a whole program of tests: what cmocka calls before the first and after
 * the last. */
extern struct stand stand;

int stand_set_up(void **state);
int stand_tear_down(void **state);

#endif
