#ifndef VALIDATORS_SETS_TRACING_H
#define VALIDATORS_SETS_TRACING_H

#include "validators/sets/dataset.h"
#include "validators/sets/judgement.h"

/*
 * From a row of a result back to the reports whose cells went into the side that the report is held
 * against: how much each of them has there, what is taken off with a minus, largest amount first.
 * Together they are exactly what is expected: where that cannot be shown, nobody is listed.
 */
struct tracing {
    struct arena          *scratch;
    const struct relation *result;
    size_t                 row;
    const struct dataset  *datasets; /* by operand */
    const struct side     *side;
    amount_wide            expected;
};

/* Fills contributors, contributor_count, contributor_total and contributor_rest. ERR_MEMORY. */
MUST_USE enum err tracing_contributors(struct arena *arena, const struct tracing *tracing,
                                       struct sets_finding *out, struct fault *fault);

#endif
