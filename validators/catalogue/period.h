#ifndef VALIDATORS_CATALOGUE_PERIOD_H
#define VALIDATORS_CATALOGUE_PERIOD_H

#include "validators/base/moment.h"
#include "validators/base/str.h"

/* For what time a report is: Rok, TypOkresu and Okres of the file, and what they mean. */

/* Of a TypOkresu. Kwartal 4 is the yearly report (domain.md, corrections: Months). */
enum period_kind { PERIOD_UNKNOWN = 0, PERIOD_MONTH = 1, PERIOD_QUARTER = 2, PERIOD_YEAR = 4 };

struct period_type {
    struct str name;   /* value of TypOkresu: "Kwartal" */
    struct str title;  /* for people: "kwartał" */
    int        count;  /* numbers 1 .. count: 4 or 12 */
    int        months; /* months of one period: 3 or 1 */
    bool       model;  /* not confirmed by a real file */
};

/* A period of the file, understood. */
struct period {
    const struct period_type *type;
    int                       year;
    int                       number;
    enum period_kind          kind;
    struct date               end; /* its last day */
};

#endif
