#ifndef TESTS_PROOF_KILLER_H
#define TESTS_PROOF_KILLER_H

#include "tests/proof/filer.h"

/*
 * Kills a part of the gateway at a point of the way of a submission, again and again: a role is
 * held at the point (failpoint.h), the victim dies by SIGKILL, the held one goes on if it lives.
 * After each kill it waits until the senders get on again, and measures how long that takes.
 */
struct killer_tally {
    size_t      kills;
    size_t      unreached;       /* the point was not reached in time: a failure of the proof */
    size_t      stuck;           /* nobody got on in time after a kill: a failure of the gateway */
    size_t      distinct;        /* pairs of point and victim that were hit */
    int64_t     recovery_max_ms; /* from the kill to the next acknowledgement */
    int64_t     recovery_sum_ms;
    const char *slowest_victim; /* of the longest one */
    const char *slowest_point;
};

/* All pairs in turn, as often as kills asks for, in an order that seed gives. */
void killer_run(struct station *station, struct cluster *cluster, struct filer_board *board,
                size_t kills, uint64_t seed, struct killer_tally *tally);

size_t killer_pairs(void); /* how many different kills there are */

#endif
