#ifndef TESTS_SCENARIO_GATEWAY_ROSTER_H
#define TESTS_SCENARIO_GATEWAY_ROSTER_H

#include "tests/support/expect.h"

/*
 * A class of attacks: its seeds in its order, each shown by rows of a table, by a scene, or by
 * both. The table is the test's own; of it only the seed of each row is asked.
 */
enum { ROSTER_TESTS_MAX = 48 };

struct attack {
    const char *seed;
    void (*scene)(void **state); /* a test; NULL: its rows are all */
};

struct roster {
    const char              *name;
    const struct attack     *attacks;
    size_t                   attack_count;
    const struct CMUnitTest *tests; /* those that go over the table */
    size_t                   test_count;
    int (*start)(void **state);
    int (*stop)(void **state);
};

/* The running test fails when a seed has neither row nor scene, or a row is of no seed of these. */
void roster_expect(const struct attack *attacks, size_t   attack_count,
                   const char *(*seed_of)(size_t), size_t row_count);

/* Run the tests, then every scene under the name of its seed; what main returns. */
int roster_run(const struct roster *roster);

#endif
