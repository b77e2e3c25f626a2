#ifndef VALIDATORS_VTL_DATA_H
#define VALIDATORS_VTL_DATA_H

#include "validators/base/amount.h"
#include "validators/base/str.h"

/*
 * What a ruleset is bound to (a structure: names and types, known when rules are compiled) and
 * what a plan runs over (data: columns, known per report). All of it is borrowed.
 */
enum vtl_role { VTL_IDENTIFIER, VTL_MEASURE, VTL_ATTRIBUTE };

/* A time_period is a number that orders as timespan.h of validators/relation says. */
enum vtl_type { VTL_NUMBER, VTL_INTEGER, VTL_STRING, VTL_BOOLEAN, VTL_TIME_PERIOD };

struct vtl_component {
    struct str    name; /* looked up exactly: case matters */
    enum vtl_role role;
    enum vtl_type type;
    int           scale; /* of VTL_NUMBER: digits after the point, 0 .. VTL_SCALE_MAX; else 0 */
};

struct vtl_structure {
    const struct vtl_component *components;
    size_t                      count; /* at most VTL_COMPONENTS_MAX */
};

/* Names that may stand after "in" and "not_in": value domains of strings. */
struct vtl_domains {
    const struct str *names;
    size_t            count;
};

/* State of one cell. Failed: an earlier formula overflowed there or divided by zero. */
enum { VTL_CELL_ABSENT = 0, VTL_CELL_PRESENT = 1, VTL_CELL_UNKNOWN = 2, VTL_CELL_FAILED = 3 };

/*
 * The cells of one component, one per row. Numbers and integers: values and states, |value| <=
 * AMOUNT_MAX in units of the scale (the width of arithmetic is proven from that). Booleans: values
 * 0 or 1, and states. Strings: ids, 0 = null, else a number of the dictionary; states may be NULL
 * for strings and says then that no cell is unknown. A component that no rule reads may be zeroed.
 */
struct vtl_column {
    const int64_t  *values;
    const uint32_t *ids;
    const uint8_t  *states; /* VTL_CELL_* */
};

/* The values of one domain for this period: ascending by str_compare, no text twice. */
struct vtl_domain_values {
    const struct str *texts;
    size_t            count;
};

struct vtl_data {
    size_t                          row_count;
    const struct vtl_column        *columns; /* in the order of the structure's components */
    const struct str               *texts; /* the one dictionary of all string columns: texts[id] */
    size_t                          text_count; /* ids are below it; texts[0] is not used */
    const struct vtl_domain_values *domains;    /* in the order of vtl_domains.names */
    const amount_wide *const       *wides; /* per component: numbers of VTL_WIDTH_WIDE; or NULL */
};

/* How large the numbers of a column are: up to AMOUNT_MAX, int64, 128 bits. */
enum vtl_width { VTL_WIDTH_AMOUNT, VTL_WIDTH_LONG, VTL_WIDTH_WIDE };

#endif
