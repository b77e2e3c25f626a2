#ifndef GATEWAY_READER_CONTENT_RESOURCE_H
#define GATEWAY_READER_CONTENT_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /submissions/{id}/content: the bytes as they were received, or those of one report. */
MUST_USE enum err content_resource_answer(struct asked *asked, struct fault *fault);

#endif
