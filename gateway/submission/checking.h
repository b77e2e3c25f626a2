#ifndef GATEWAY_SUBMISSION_CHECKING_H
#define GATEWAY_SUBMISSION_CHECKING_H

#include "gateway/submission/links.h"

/*
 * Documents and the worker's checker: a few are given ahead, so that neither waits for the other. A
 * checker that ends, is late or talks nonsense has done so over its oldest document, which gets
 * that for an answer if it had begun it; all others go to the next checker. Told to end, it does
 * not wait for an answer. neighbours.check of a worker.
 */
MUST_USE enum err checking_run(void *links, struct arena *arena, struct unread *documents,
                               size_t count, int budget_ms, struct fault *fault);

#endif
