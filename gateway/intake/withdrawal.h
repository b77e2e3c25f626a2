#ifndef GATEWAY_INTAKE_WITHDRAWAL_H
#define GATEWAY_INTAKE_WITHDRAWAL_H

#include "gateway/intake/mandate.h"

/*
 * A sender takes back what it has filed, while nothing of it is accepted: what waits to be decided,
 * is parked, or was left undecided or held. One transaction: the row of the log (a flag), the
 * state, the end of whatever was to be decided again.
 *
 * Against a conclusion of the same submission the first to commit wins. Both take the head of the
 * log before the submission's row, so that neither waits for the other in a circle; a conclusion
 * that comes second finds its row withdrawn and takes itself back, a withdrawal that comes second
 * sees the decision and judges by it.
 */
struct withdrawal_request {
    struct uuid    id;
    struct mandate mandate; /* who asks: only what their unit has filed itself */
};

enum withdrawal_end {
    WITHDRAWAL_DONE = 1,
    WITHDRAWAL_REPEATED, /* it was withdrawn before: the same answer */
    WITHDRAWAL_ABSENT,   /* there is none, or it is not theirs to see */
    WITHDRAWAL_FOREIGN,  /* they may see it, but another unit has filed it */
    WITHDRAWAL_ACCEPTED, /* a report of it is accepted */
    WITHDRAWAL_REJECTED, /* it was returned already */
    WITHDRAWAL_REFUSED,  /* the mandate does not hold, nothing was looked at */
};

struct withdrawal {
    enum withdrawal_end end;
    enum mandate_state  mandate;
    instant             at; /* DONE, REPEATED; so the next */
    uint64_t            log_index;
    struct str          sender; /* FOREIGN: the name of who filed it */
};

MUST_USE enum err withdrawal_make(struct store *store, struct arena *arena,
                                  const struct withdrawal_request *request, struct withdrawal *out,
                                  struct fault *fault);

#endif
