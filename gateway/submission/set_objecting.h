#ifndef GATEWAY_SUBMISSION_SET_OBJECTING_H
#define GATEWAY_SUBMISSION_SET_OBJECTING_H

#include "gateway/submission/batch.h"
#include "gateway/submission/bench.h"

/*
 * An errand that objects to what a rule between reports has found (intake/set_objection.h):
 * {"code":"ZESTAW-001","text":"..."}, the rule and the reason. Repeated word for word it changes
 * nothing.
 */
MUST_USE enum err set_objecting_run(struct bench *bench, struct batch *batch, struct buf *answer,
                                    struct filing_news *news, struct fault *fault);

#endif
