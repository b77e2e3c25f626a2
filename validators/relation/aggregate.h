#ifndef VALIDATORS_RELATION_AGGREGATE_H
#define VALIDATORS_RELATION_AGGREGATE_H

#include "validators/relation/relation.h"

/*
 * One row per group of rows (Reference Manual, Aggregate and Analytic operators; User Manual on
 * nulls: an aggregate leaves them out). Groups agree on the key components and come in the order of
 * their first rows; without keys there is one group, of an empty relation too. `having` is a filter
 * of terms that are dropped afterwards.
 *
 * Nulls are left out; of nulls alone sum, avg, min and max are null. One unknown or failed cell
 * makes its group's term unknown or failed. Strings are compared by bytes, false is below true,
 * periods as timespan.h says. Sums are exact in 128 bits; one that leaves them is ERR_LIMIT, naming
 * a row. An average is exact, rounded once, half away from zero; one that leaves 128 bits with the
 * digits of its term has failed, in its group alone.
 *
 * The result has the keys as identifiers, then the terms; its one lane leads to the groups
 * (origin.h). Linear.
 */
enum aggregate_operator {
    AGGREGATE_SUM,
    AGGREGATE_AVG,
    AGGREGATE_MIN,
    AGGREGATE_MAX,
    AGGREGATE_COUNT,   /* rows, whatever they hold: "the number of the input Data Points" */
    AGGREGATE_PRESENT, /* cells of the component that are not null */
};

struct aggregate_term {
    enum aggregate_operator operation;
    size_t                  component; /* not used by AGGREGATE_COUNT */
    struct str              name;      /* in the result; borrowed */
    enum relation_role      role;      /* measure or attribute */
    int                     scale;     /* of AGGREGATE_AVG: digits of the quotient */
};

struct aggregate {
    const size_t                *keys; /* identifiers of the operand, each once */
    size_t                       key_count;
    const struct aggregate_term *terms;
    size_t                       term_count;
};

MUST_USE enum err aggregate_run(struct arena *arena, const struct relation *in,
                                const struct aggregate *aggregate, struct relation *out,
                                struct fault *fault);

/* group except: the identifiers of in but these; keys has room for RELATION_COMPONENTS_MAX. */
size_t aggregate_except(const struct relation *in, const size_t *except, size_t count,
                        size_t *keys);

#endif
