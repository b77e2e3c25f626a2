#ifndef VALIDATORS_RELATION_TIMESPAN_H
#define VALIDATORS_RELATION_TIMESPAN_H

#include "validators/relation/relation.h"

/*
 * A regular period: the values of time_period (Reference Manual, Time operators; User Manual, Basic
 * scalar types). Weeks are those of ISO 8601: week 1 has the year's first Thursday, a year has 52
 * or
 * 53. A value of a column is one int64 that orders by frequency, then by time, and whose neighbours
 * in time are neighbours in number, so that a shift is an addition, over years and leap days too.
 */
enum timespan_frequency {
    TIMESPAN_YEAR,     /* A, 1 */
    TIMESPAN_SEMESTER, /* S, 1 .. 2 */
    TIMESPAN_QUARTER,  /* Q, 1 .. 4 */
    TIMESPAN_MONTH,    /* M, 1 .. 12 */
    TIMESPAN_WEEK,     /* W, 1 .. 53 */
    TIMESPAN_DAY,      /* D, 1 .. 366 */
    TIMESPAN_FREQUENCIES,
};

enum { TIMESPAN_YEAR_MIN = 1, TIMESPAN_YEAR_MAX = 9999 };

struct timespan {
    enum timespan_frequency frequency;
    int                     year;
    int                     number; /* in the year, from 1 */
};

bool            timespan_valid(struct timespan timespan);
int64_t         timespan_encode(struct timespan timespan); /* of a valid one */
struct timespan timespan_decode(int64_t value);
bool            timespan_known(int64_t value); /* whether it is the value of a valid one */

/*
 * By their days: -1 if every day of a is before every day of b, 1 if it is after, 0 if they are the
 * same period. False, *out untouched: their frequencies differ and they share days, as a year and
 * its quarters do, so that neither is before the other.
 */
MUST_USE bool timespan_compare(int64_t a, int64_t b, int *out);

/* -1, 0 or 1 by first day, then by last day: an order of all periods that agrees with compare. */
int timespan_order(int64_t a, int64_t b);

/* By n periods of its own frequency; false if that leaves the years there are, *out untouched. */
MUST_USE bool timespan_shift(int64_t value, int64_t n, int64_t *out);

/*
 * 2010, 2010A, 2010A1, 2010S2, 2010Q4, 2010M1, 2010M01, 2010W53, 2010D366, with a hyphen before the
 * letter too, 2010-01 (a month) and 2010-01-31 (a day); false otherwise, *out untouched.
 */
MUST_USE bool timespan_parse(struct str text, int64_t *out);

/* 2010A, 2010S2, 2010Q4, 2010M01, 2010W53, 2010D366. */
void timespan_write(struct buf *out, int64_t value);

/*
 * timeshift (Reference Manual, Time operators: Time shift): every value of a time_period component
 * moved by n periods of its own frequency; null stays null. ERR_LIMIT names a row whose period
 * would leave the years there are.
 */
MUST_USE enum err timespan_timeshift(struct arena *arena, const struct relation *in,
                                     size_t component, int64_t n, struct relation *out,
                                     struct fault *fault);

#endif
