#ifndef GATEWAY_READER_EXPLANATION_RESOURCE_H
#define GATEWAY_READER_EXPLANATION_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * GET /api/v1/submissions/{id}/reports/{ordinal}/findings/{fid}/explanation: how a query of a
 * report stands, what was answered and what before, and what was answered to the same query of the
 * report before (same rule, same cell). The ETag is what PUT wants in If-Match.
 */
MUST_USE enum err explanation_resource_answer(struct asked *asked, struct fault *fault);

/* GET /api/v1/sets/{id}/findings/{fid}/explanation: the same of a finding of a set, for whoever
 * sees the report that it charges; in words without figures for whoever may not see these. */
MUST_USE enum err explanation_resource_answer_set(struct asked *asked, struct fault *fault);

/* GET /api/v1/explanation-codes. */
MUST_USE enum err explanation_resource_answer_codes(struct asked *asked, struct fault *fault);

#endif
