#ifndef GATEWAY_READER_DIFF_RESOURCE_H
#define GATEWAY_READER_DIFF_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /api/v1/submissions/{id}/diff?against=...: what changed, report by report, from the one named
 * by against to this one. Both may be named by a receipt's number as well. */
MUST_USE enum err diff_resource_answer(struct asked *asked, struct fault *fault);

#endif
