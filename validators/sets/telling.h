#ifndef VALIDATORS_SETS_TELLING_H
#define VALIDATORS_SETS_TELLING_H

#include "validators/sets/presence.h"
#include "validators/sets/tracing.h"

/* From the rows of a result that do not agree to findings: which report, which cell, which words.
 */
struct telling {
    struct arena           *arena;   /* of the findings */
    struct arena           *scratch; /* dies before them */
    const struct presence  *presence;
    const struct sets_rule *rule;
    enum severity           severity;
    const struct dataset   *datasets; /* by operand */
    const struct side      *side;     /* what the rule expects, as a sum */
    const struct relation  *result;
};

/*
 * Fill outcome, compared, failing and reason of *answer from the result, and append the findings,
 * largest difference first, at most SETS_FINDINGS_OF_RULE_MAX. ERR_MEMORY.
 */
MUST_USE enum err telling_result(const struct telling *telling, struct sets_answer *answer,
                                 struct sets_finding *findings, size_t *count, struct fault *fault);

#endif
