#ifndef GATEWAY_READER_KEYS_RESOURCE_H
#define GATEWAY_READER_KEYS_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /keys: the certificates behind the seal on receipts. */
MUST_USE enum err keys_resource_answer(struct asked *asked, struct fault *fault);

#endif
