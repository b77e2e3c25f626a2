#ifndef TESTS_BENCH_GATEWAY_COST_H
#define TESTS_BENCH_GATEWAY_COST_H

#include "tests/support/station.h"

/* Processor time used so far, in microseconds, from /proc: of a process with its ended children,
 * and of all that live below it. Counted by the kernel in ticks of 10 ms. */
double cost_of_tree(pid_t root);

/* Of one process alone. */
double cost_of(pid_t process);

/* The postmaster of a private cluster. */
pid_t cost_postmaster(const struct cluster *cluster);

#endif
