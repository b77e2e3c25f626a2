#ifndef GATEWAY_INTAKE_TIMELINESS_H
#define GATEWAY_INTAKE_TIMELINESS_H

#include "gateway/intake/conclusion.h"
#include "validators/calendar/calendar.h"

/*
 * Until when the reports of a decision were due, and whether their data wpływu kept that day: facts
 * for receipts and for the store, by the calendar in force when the decision is made. A model term
 * of the calendar is stated in TEST only. Pure.
 *
 * Nothing is stated of a report whose unit is not certain, whose form or period nobody knows, or
 * that the calendar does not ask of such a unit.
 */

/* Fill filed[].term of every report; item as conclusion_context leaves it, verdicts final. */
void timeliness_settle(const struct calendar *calendar, enum environment environment,
                       struct concluding *item);

/* "in_time", "late", "correction"; empty for NONE. */
struct str timeliness_code(enum timeliness timeliness);

#endif
