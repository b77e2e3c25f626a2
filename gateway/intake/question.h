#ifndef GATEWAY_INTAKE_QUESTION_H
#define GATEWAY_INTAKE_QUESTION_H

#include "gateway/intake/conclusion.h"
#include "validators/calendar/calendar.h"

/*
 * Until when the queries of accepted reports are to be answered, noted in the transaction that
 * concludes them: working days of the calendar from the day of the decision. Written once a report;
 * a decision made again moves no day. Whose the report is and who filed it is noted with it, for
 * lists of a unit (questions_resource.c). A batch without queries costs nothing.
 */
MUST_USE enum err question_note(struct store *store, struct arena *arena,
                                const struct calendar *calendar, const struct concluding *items,
                                size_t count, struct fault *fault);

#endif
