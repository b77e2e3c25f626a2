#ifndef VALIDATORS_BASE_MOMENT_H
#define VALIDATORS_BASE_MOMENT_H

#include "validators/base/buf.h"

#include <stdint.h>

/*
 * Dates and moments without a clock, an environment or a locale: "now" is always an argument.
 *
 * A moment is whole seconds since 1970-01-01T00:00:00Z (leap seconds ignored, as in POSIX).
 * Europe/Warsaw follows the rule in force since 1996 (Directive 2000/84/EC): UTC+1, and UTC+2
 * from the last Sunday of March 01:00 UTC to the last Sunday of October 01:00 UTC. Years outside
 * MOMENT_YEAR_MIN .. MOMENT_YEAR_MAX are refused by every reader.
 */
typedef int64_t moment;

/* The same in microseconds: when the last byte of a submission came, when it was decided. */
typedef int64_t instant;

enum { INSTANT_PER_SECOND = 1000000 };

enum { MOMENT_YEAR_MIN = 1996, MOMENT_YEAR_MAX = 2199 };

struct date {
    int year;
    int month; /* 1 .. 12 */
    int day;   /* 1 .. 31 */
};

bool        date_valid(struct date date);
int64_t     date_days(struct date date); /* since 1970-01-01, proleptic Gregorian */
struct date date_of_days(int64_t days);
struct date date_month_end(int year, int month);
int         date_compare(struct date a, struct date b);

/* Exactly YYYY-MM-DD; false otherwise, *out untouched. */
MUST_USE bool date_parse(struct str text, struct date *out);

/* RFC 3339 with a zone ("Z", "+02:00"), fractions of a second cut off. */
MUST_USE bool moment_parse(struct str text, moment *out);

/*
 * xs:dateTime: as moment_parse, and without a zone it is Europe/Warsaw time (domain.md 5: BeSTi@
 * writes SigningTime so). In the hour that exists twice the earlier moment is meant; in the hour
 * that does not exist, the clock that has already moved on.
 */
MUST_USE bool moment_parse_local(struct str text, moment *out);

/* WHEN of the command line: RFC 3339, or a date meaning 23:59:59 in Warsaw (design.md 9). */
MUST_USE bool moment_parse_when(struct str text, moment *out);

int         moment_warsaw_offset(moment at); /* seconds east of UTC: 3600 or 7200 */
struct date moment_warsaw_date(moment at);

void moment_write(struct buf *out, moment at);        /* "2026-07-10T09:00:00+02:00" */
void moment_write_utc(struct buf *out, moment at);    /* "2026-07-10T07:00:00Z" */
void moment_write_polish(struct buf *out, moment at); /* "10 lipca 2026 r., 09:00:00" */
/* Milliseconds, cut off downwards. */
void instant_write(struct buf *out, instant at);           /* "2026-07-10T09:00:00.412+02:00" */
void instant_write_utc(struct buf *out, instant at);       /* "2026-07-10T07:00:00.412Z" */
void date_write(struct buf *out, struct date date);        /* "2026-07-10" */
void date_write_polish(struct buf *out, struct date date); /* "10 lipca 2026 r." */

#endif
