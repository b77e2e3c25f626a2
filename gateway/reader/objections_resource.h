#ifndef GATEWAY_READER_OBJECTIONS_RESOURCE_H
#define GATEWAY_READER_OBJECTIONS_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * GET /api/v1/objections: reports that are accepted in spite of a rule, the newest first: which
 * rule, of which definition, and why. For who filed them, for whom they are addressed to, and for
 * the owner of the rule, who is shown no unit that it may not see. code, pages as everywhere.
 */
MUST_USE enum err objections_resource_answer(struct asked *asked, struct fault *fault);

#endif
