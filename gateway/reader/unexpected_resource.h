#ifndef GATEWAY_READER_UNEXPECTED_RESOURCE_H
#define GATEWAY_READER_UNEXPECTED_RESOURCE_H

#include "gateway/reader/resource.h"

/*
 * GET /api/v1/obligations/unexpected: reports that no duty waits for (obligation.stray), the newest
 * first, of the units that are seen, each with why: the registry does not say that the unit has
 * what such a report follows from, or the calendar knows of no such report. An office sees none.
 */
resource_answer unexpected_resource_answer;

#endif
