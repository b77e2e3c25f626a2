#ifndef VALIDATORS_CALENDAR_OVERLAP_H
#define VALIDATORS_CALENDAR_OVERLAP_H

#include "validators/calendar/calendar.h"
#include "validators/catalogue/source.h"

/*
 * A calendar that was read must give one answer: no two terms for one report, no two shifts of one
 * term, no shift of nothing. ERR_CATALOGUE with the line of the second, or of the shift.
 */
MUST_USE enum err overlap_refuse(const struct source *source, const struct calendar *calendar,
                                 struct fault *fault);

#endif
