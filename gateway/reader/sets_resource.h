#ifndef GATEWAY_READER_SETS_RESOURCE_H
#define GATEWAY_READER_SETS_RESOURCE_H

#include "gateway/reader/resource.h"

/*
 * GET /api/v1/sets: sets of those whom the asker sees, the newest first, of a period or a state
 * when one is asked for; an office sees those of the JST that have sent it something.
 * GET /api/v1/sets/{id}: one of them, with the findings that are open. Their figures are there for
 * whoever may see all reports that they are of. Each with how it stands as a query, and what was
 * objected to it; as CSV in the columns of findings of a submission, to be filled in and sent back
 * (PUT .../explanations).
 */
resource_answer sets_resource_answer;
resource_answer sets_resource_answer_one;

#endif
