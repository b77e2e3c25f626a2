#ifndef GATEWAY_SUBMISSION_OUTLOOK_H
#define GATEWAY_SUBMISSION_OUTLOOK_H

#include "gateway/answer/json.h"
#include "gateway/submission/batch.h"
#include "gateway/submission/bench.h"

/*
 * What POST /validations says besides its judgement: by which definitions and calendar it was made,
 * and of every report by which version of its form, and what is in force for its key now. Nothing
 * is promised: until the file is really filed, something else may be.
 *
 * Members "judged_by" and "versions" of an object that is begun already; after stage_decide.
 */
MUST_USE enum err outlook_write(struct bench *bench, struct batch *batch, struct json *json,
                                struct fault *fault);

#endif
