#ifndef GATEWAY_READER_SERVICE_RESOURCE_H
#define GATEWAY_READER_SERVICE_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /status, /limits and /openapi.json: what the gateway says of itself; no database is asked. */
MUST_USE enum err service_resource_answer_status(struct asked *asked, struct fault *fault);
MUST_USE enum err service_resource_answer_limits(struct asked *asked, struct fault *fault);
MUST_USE enum err service_resource_answer_openapi(struct asked *asked, struct fault *fault);

#endif
