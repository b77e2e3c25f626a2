#ifndef GATEWAY_SUBMISSION_EXPLAINING_H
#define GATEWAY_SUBMISSION_EXPLAINING_H

#include "gateway/submission/batch.h"
#include "gateway/submission/bench.h"

/*
 * Errands that answer queries (intake/explanation.h): one of them (PUT .../explanation, JSON), or
 * many by the list of findings that the gateway exports as CSV, with the columns of explanations
 * filled in (PUT .../explanations). Of a list all or nothing is kept, unless its sender wants what
 * is good of it; each row that cannot be kept is named with its line.
 * Of a submission, or of a set.
 */
MUST_USE enum err explaining_one(struct bench *bench, struct batch *batch, struct buf *answer,
                                 struct filing_news *news, struct fault *fault);
MUST_USE enum err explaining_all(struct bench *bench, struct batch *batch, struct buf *answer,
                                 struct filing_news *news, struct fault *fault);

#endif
