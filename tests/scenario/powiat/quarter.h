#ifndef TESTS_SCENARIO_POWIAT_QUARTER_H
#define TESTS_SCENARIO_POWIAT_QUARTER_H

#include "validators/base/moment.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The second quarter of 2026 of one made-up powiat: nine JST (the powiat and eight gminy), 150
 * units below them, two of which are CUW, and what all of them send. Drawn from a seed, as plain
 * data: nothing here knows the product. Reports are Rb-27s and Rb-28s of April, of May, and of the
 * quarter; those of a JST are zbiorcze.
 *
 * In the quarter a CUW begins to serve some schools and another one stops, two schools are merged
 * into a new one, one unit is closed, six units are registered only when their reports have come,
 * and one is never registered.
 */
enum {
    QUARTER_JSTS = 9, /* the first units; 0: the powiat */
    QUARTER_UNITS = 150,
    QUARTER_MERGED = QUARTER_JSTS + QUARTER_UNITS, /* the school that two become */
    QUARTER_NOBODY,                                /* never registered */
    QUARTER_PLACES,
    QUARTER_PERIODS = 3,
    QUARTER_DOCUMENT_FILINGS = 8,
    QUARTER_DOCUMENTS_MAX = 1500,
};

struct quarter_unit {
    size_t      jst; /* itself: it is one */
    bool        is_jst;
    bool        is_cuw;
    bool        is_late;  /* registered after some of its reports have come */
    size_t      provider; /* a CUW; 0: none */
    struct date served_from;
    struct date served_to; /* year 0: open */
    struct date valid_from;
    struct date valid_to;  /* year 0: open */
    struct date merged_on; /* into QUARTER_MERGED; year 0: not */
};

enum quarter_fault {
    QUARTER_GOOD,
    QUARTER_FORGED,     /* changed after signing */
    QUARTER_ONE_SIGNED, /* the accountant alone */
    QUARTER_FAULT_COUNT,
};

/* What one unit says in one package: an Rb-27s, an Rb-28s, or both. */
struct quarter_filing {
    size_t             unit;
    int                version;
    bool               income;
    bool               spending;
    bool               queried; /* the Rb-28s: more of the village fund than in all */
    enum quarter_fault fault;
    int                amount; /* złote of its only row; no two filings have the same, unless one
                                  is what the other was before its second signature */
};

struct quarter_document {
    size_t                sender; /* a unit */
    int                   period;
    struct date           day;
    instant               arrived; /* on that day, in Warsaw */
    struct quarter_filing filings[QUARTER_DOCUMENT_FILINGS];
    size_t                count;
};

struct quarter {
    struct quarter_unit     units[QUARTER_PLACES];
    struct quarter_document documents[QUARTER_DOCUMENTS_MAX];
    size_t                  document_count;
    size_t                  report_count;
};

/* The day on which everything is looked at; later than every arrival, and before the day until
 * which a JST owes the quarter. */
#define QUARTER_LOOK ((struct date){2026, 7, 16})

void quarter_draw(struct quarter *quarter, uint64_t seed);

struct date quarter_period_end(int period);
int         quarter_month(int period);  /* 4, 5; 0: the quarter */
const char *quarter_period(int period); /* "2026-04", "2026-Q2" */

/* The first moment of a day in Warsaw. */
instant quarter_midnight(struct date day);

#endif
