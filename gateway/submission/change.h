#ifndef GATEWAY_SUBMISSION_CHANGE_H
#define GATEWAY_SUBMISSION_CHANGE_H

#include "gateway/submission/batch.h"
#include "gateway/submission/bench.h"

/*
 * Errands that change what is here: a submission taken back (POST .../withdrawal), the reason of a
 * correction (PUT .../reason). The answer is JSON; a refusal is problem+json with its status, and
 * no failure.
 */
MUST_USE enum err change_withdraw(struct bench *bench, struct batch *batch, struct buf *answer,
                                  struct filing_news *news, struct fault *fault);
MUST_USE enum err change_reason(struct bench *bench, struct batch *batch, struct buf *answer,
                                struct filing_news *news, struct fault *fault);

#endif
