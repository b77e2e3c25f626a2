#ifndef VALIDATORS_RELATION_LEDGER_H
#define VALIDATORS_RELATION_LEDGER_H

#include "validators/relation/hierarchy.h"

/*
 * The rules of a hierarchy in one place (one combination of the other identifiers): which rows the
 * codes have there, what the right sides come to, and which rules say something. Made once, used
 * for place after place.
 */
struct ledger;

/* What one rule says in one place. */
struct ledger_line {
    bool                  produced;
    uint32_t              left_row; /* of the operand, or RELATION_NOWHERE */
    struct relation_value left;
    struct relation_value truth; /* 0 or 1 */
    struct relation_value imbalance;
};

/* Borrows hierarchy. ERR_USAGE: rules that compute each other in a circle. */
MUST_USE enum err ledger_create(struct arena *arena, const struct hierarchy *hierarchy,
                                struct ledger **out, struct fault *fault);

/* Turn to the place that has these rows. ERR_LIMIT: a sum leaves 128 bits. */
MUST_USE enum err ledger_turn(struct ledger *ledger, const uint32_t *rows, size_t count,
                              struct fault *fault);

/* ERR_LIMIT: the difference leaves 128 bits. */
MUST_USE enum err ledger_judge(const struct ledger *ledger, size_t rule, struct ledger_line *out,
                               struct fault *fault);

#endif
