#ifndef GATEWAY_REPLAY_REPLAY_TARGET_H
#define GATEWAY_REPLAY_REPLAY_TARGET_H

#include "gateway/store/store.h"

/* A decision of a submission: what a receipt's number, or a submission's, stands for. */
struct replay_target {
    struct uuid submission;
    int         n;
};

/* receipt: the number of a receipt, or the id of a submission (its newest decision). ERR_USAGE when
 * there is no such. */
MUST_USE enum err replay_target_find(struct store *store, struct arena *arena, struct str receipt,
                                     struct replay_target *out, struct fault *fault);

#endif
