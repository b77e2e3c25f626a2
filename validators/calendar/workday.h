#ifndef VALIDATORS_CALENDAR_WORKDAY_H
#define VALIDATORS_CALENDAR_WORKDAY_H

#include "validators/base/moment.h"

/*
 * Working days in Poland, as they count for the end of a term: a term that ends on a statutory
 * holiday or on a Saturday ends on the next day that is neither (KPA art. 57 § 4; Sundays are
 * holidays). Holidays are computed from the act of 18 January 1951 on days off work (Dz.U. 2025
 * poz. 296): fixed days, Easter, Easter Monday, Pentecost and Corpus Christi; 6 January since 2011,
 * 24 December since 2025 (Dz.U. 2024 poz. 1965). Knows neither terms nor forms.
 *
 * Right for years from WORKDAY_YEAR_MIN on, when the list of today began but for those two days.
 */
enum { WORKDAY_YEAR_MIN = 1996 };

/*
 * Easter Sunday of the Gregorian calendar: the anonymous algorithm published in Nature of 20 April
 * 1876 (Meeus/Jones/Butcher). year > 1582.
 */
struct date workday_easter(int year);

/* The name of a statutory holiday ("Narodowe Święto Niepodległości"), or NULL; no plain Sundays. */
const char *workday_holiday(struct date date);

/* Neither Saturday, Sunday nor a statutory holiday. */
bool workday_is(struct date date);

/* date itself when it is a working day, else the first one after it. */
struct date workday_next(struct date date);

/* The count-th working day after date; date itself is not one of them. count from 1. */
struct date workday_after(struct date date, int count);

/* 0 = Monday .. 6 = Sunday. */
int workday_weekday(struct date date);

/* "wtorek" */
const char *workday_name(struct date date);

#endif
