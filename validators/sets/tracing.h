#ifndef VALIDATORS_SETS_TRACING_H
#define VALIDATORS_SETS_TRACING_H

#include "validators/sets/dataset.h"
#include "validators/sets/judgement.h"

/*
 * From a row of a result back to the reports whose cells went into it: how much each of them has
 * there, largest amount first. Cells of the charged operand are left out, so that what stays is the
 * side that the report is held against.
 */
struct tracing {
    struct arena          *scratch;
    const struct relation *result;
    size_t                 row;
    const struct dataset  *datasets; /* by operand */
    size_t                 operand_count;
    size_t                 charged;
};

/* Fills contributors, contributor_count and contributor_total. ERR_MEMORY. */
MUST_USE enum err tracing_contributors(struct arena *arena, const struct tracing *tracing,
                                       struct sets_finding *out, struct fault *fault);

#endif
