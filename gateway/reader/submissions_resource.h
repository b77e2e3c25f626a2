#ifndef GATEWAY_READER_SUBMISSIONS_RESOURCE_H
#define GATEWAY_READER_SUBMISSIONS_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /submissions: what a sender and the units below it have filed, newest first. Pages by cursor,
 * so that what arrives meanwhile neither doubles nor hides a row; filters; JSON and CSV. */
MUST_USE enum err submissions_resource_answer(struct asked *asked, struct fault *fault);

#endif
