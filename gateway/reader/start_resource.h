#ifndef GATEWAY_READER_START_RESOURCE_H
#define GATEWAY_READER_START_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /: what Brama is and what one can do with it, for a person without an account. */
MUST_USE enum err start_resource_answer(struct asked *asked, struct fault *fault);

#endif
