#ifndef GATEWAY_READER_OBLIGATIONS_RESOURCE_H
#define GATEWAY_READER_OBLIGATIONS_RESOURCE_H

#include "gateway/reader/resource.h"

/* GET /api/v1/obligations: what is owed, by due date, each with its state and why. */
resource_answer obligations_resource_answer;

/* GET /api/v1/completeness/missing: what should be here and is not, with the last attempt. */
resource_answer obligations_resource_answer_missing;

/* GET /api/v1/obligations.ics: what is still to be filed, as a calendar. */
resource_answer obligations_resource_answer_calendar;

#endif
