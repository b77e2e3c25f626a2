#ifndef GATEWAY_SETBOOK_REWORK_H
#define GATEWAY_SETBOOK_REWORK_H

#include "gateway/setbook/setbook.h"

/*
 * Sets that are judged again by themselves (intake.set_work): something that they read has changed
 * in another set, what is owed has changed, the definitions are others, a rule was switched, or a
 * unit has moved, which may ask for a set that is not there yet: it is made then.
 * One set, one transaction, under the lock of its JST, tried and never waited for. Nobody judges
 * without a switch that was committed before the row that asks for it.
 */
enum rework_end {
    REWORK_NOTHING = 1, /* there is none */
    REWORK_DONE,
    REWORK_BUSY,  /* its JST is held by somebody else: later */
    REWORK_STALE, /* a rule was switched since the tools learnt of switches: later, with it */
};

/* Take the oldest row and judge its set. After a failure the row waits; after several the set is
 * called incomplete with the reason, an alarm. ERR_STORE and its like, ERR_MEMORY. */
MUST_USE enum err rework_run(const struct setbook_tools *tools, struct arena *arena,
                             enum rework_end *end, struct fault *fault);

/* How far all sets have been looked at. */
struct rework_asking {
    bool    more; /* there may be others; set by whoever wants all to be looked at */
    int64_t last; /* number of the last one; 0: none was */
};

/* Set to work what other definitions have judged: of the next sets, in one short statement, between
 * two batches. Commits. ERR_STORE and its like. */
MUST_USE enum err rework_slice(const struct setbook_tools *tools, struct arena *arena,
                               struct rework_asking *asking, struct fault *fault);

#endif
