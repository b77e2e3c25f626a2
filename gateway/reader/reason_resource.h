#ifndef GATEWAY_READER_REASON_RESOURCE_H
#define GATEWAY_READER_REASON_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /api/v1/submissions/{id}/reports/{ordinal}/reason: why a report was corrected, with all that
 * was said before. Its ETag is what a change must name. */
MUST_USE enum err reason_resource_answer(struct asked *asked, struct fault *fault);

/* GET /api/v1/correction-reasons: the codes to choose from. */
MUST_USE enum err reason_resource_answer_codes(struct asked *asked, struct fault *fault);

#endif
