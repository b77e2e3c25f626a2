#ifndef GATEWAY_READER_RECEIPT_RESOURCE_H
#define GATEWAY_READER_RECEIPT_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /submissions/{id}/receipt: the stored bytes of a receipt, or the page made of them. */
MUST_USE enum err receipt_resource_answer(struct asked *asked, struct fault *fault);

#endif
