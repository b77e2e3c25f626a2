#ifndef VALIDATORS_SETS_PRESENCE_H
#define VALIDATORS_SETS_PRESENCE_H

#include "validators/sets/scheme.h"

/*
 * Which reports are there for each operand of a set, and what is missing: before anything is
 * computed. A missing side is decided here alone, so that no join can leave it out in silence.
 */
struct presence_operand {
    struct period   period;
    const uint32_t *reports; /* ordinals among the facts' reports, in the order of their keys */
    size_t          report_count;
    struct sets_missing *missing; /* one for each report awaited */
    size_t               missing_count;
    bool                 pending; /* something is awaited, or nobody knows whether it will come */
};

struct presence {
    const struct sets       *sets;
    const struct sets_facts *facts;
    struct presence_operand  operands[SETS_OPERANDS_MAX]; /* those of other sets are zero */
};

MUST_USE enum err presence_find(struct arena *arena, const struct sets *sets,
                                const struct sets_facts *facts, struct presence *out,
                                struct fault *fault);

/*
 * What becomes of a rule that applies to the set: HOLDS stands for "can be evaluated", else PENDING
 * or IDLE with what is missing.
 */
MUST_USE enum err presence_outcome(struct arena *arena, const struct presence *presence,
                                   const struct sets_rule *rule, struct sets_answer *out,
                                   struct fault *fault);

#endif
