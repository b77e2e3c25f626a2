#ifndef GATEWAY_SUBMISSION_VERIFICATION_H
#define GATEWAY_SUBMISSION_VERIFICATION_H

#include "gateway/receipt/reading.h"
#include "gateway/store/store.h"

/*
 * The answer to POST /receipts/verification: whether the receipt is ours and unaltered, its facts
 * (they hold no amounts), and whether it is the newest one or has been superseded: by a later
 * decision, or because a correction has replaced one of its reports. Of a receipt that is not good
 * only its number is told, and its status is unknown.
 */
MUST_USE enum err verification_write(struct store *store, struct arena *arena,
                                     const struct reading *reading, struct buf *answer,
                                     struct fault *fault);

#endif
