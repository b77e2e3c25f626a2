#ifndef GATEWAY_SUBMISSION_RENEWAL_H
#define GATEWAY_SUBMISSION_RENEWAL_H

#include "gateway/submission/bench.h"
#include "gateway/submission/links.h"

/*
 * What the operator has published since the worker was born: definitions of a release, and rules
 * that were switched. Looked at between two batches, when nothing points at the old ones; workers
 * renewal definitions one at a time. A bundle that is not there, or does not compile here, leaves
 * what is in force as it is: an error of the log, told once for each such bundle. A failure of the
 * store or of memory is tried again at the next look. A switch whose turner has died before all
 * that it concerns was set to work is gone on with, a slice at each look.
 */
struct renewal {
    struct arena *definitions; /* those in use; NULL: those of the start */
    struct arena *switches;
    unsigned char refused[FINGERPRINT_SIZE];
    bool          has_refused;
    int64_t       due_ms;
};

/* With a store that is open. Once a second, or at once when bench->stale. */
void renewal_look(struct renewal *renewal, struct bench *bench, struct links *links);

void renewal_close(struct renewal *renewal);

#endif
