#ifndef GATEWAY_SUBMISSION_ROUND_H
#define GATEWAY_SUBMISSION_ROUND_H

#include "gateway/setbook/setbook.h"
#include "gateway/submission/stage.h"

/*
 * One transaction of the stage that concludes: those submissions of a part whose JST could be
 * locked, one for each JST, so that each sees what the one before brought into force. Locks are
 * tried, never waited for; the head of the log is the last of them.
 */
struct round {
    struct bench      *bench;
    struct batch      *batch;
    struct submission *submissions[BATCH_DOCUMENTS_MAX];
    struct concluding *items;
    struct dossier    *dossiers;
    struct setbook     sets;     /* those that the round touches */
    size_t             count;    /* concluded by this round */
    size_t             answered; /* left, because somebody else has concluded them */
    size_t             refused;  /* by their senders' own wish (strict): nothing was concluded */
    instant            now;
};

/* From BEGIN to COMMIT, and all are told. With count, answered and refused 0 nothing could be
 * locked. With refused nothing is committed, and what is refused is a delivery from now on. On
 * failure the transaction is still to be rolled back. */
MUST_USE enum err round_run(struct round *round, const struct part *part, struct fault *fault);

/* Facts, signatures and numbers of all receipts of the round (after conclusion_head). */
MUST_USE enum err round_sign(struct round *round, struct fault *fault);

/* It is committed: the log, the counters, and everybody who may wait for it. */
void round_tell(struct round *round);

#endif
