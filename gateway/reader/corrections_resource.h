#ifndef GATEWAY_READER_CORRECTIONS_RESOURCE_H
#define GATEWAY_READER_CORRECTIONS_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * GET /api/v1/corrections: accepted corrections that came after the window which the calendar gives
 * for them, the newest first: of which report, until when it was open, on what basis, whom the
 * calendar puts it to, whether it is still in force and why it was made. A unit sees those of its
 * own and of units below it, an office those that were sent to it. form, period, unit; pages as
 * everywhere.
 */
MUST_USE enum err corrections_resource_answer(struct asked *asked, struct fault *fault);

#endif
