#ifndef VALIDATORS_CALENDAR_TERM_H
#define VALIDATORS_CALENDAR_TERM_H

#include "validators/calendar/calendar.h"

/* One entry for one period, for the parts of this module. */

/* False when the entry does not hold for the period; *out untouched. year is in range. */
MUST_USE bool calendar_term_of(const struct calendar *calendar, const struct calendar_entry *entry,
                               int year, int number, struct calendar_term *out);

/* The shift that moves it, or NULL. */
const struct calendar_shift *calendar_term_shift(const struct calendar       *calendar,
                                                 const struct calendar_entry *entry, int year,
                                                 int number);

#endif
