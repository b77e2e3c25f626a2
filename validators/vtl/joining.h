#ifndef VALIDATORS_VTL_JOINING_H
#define VALIDATORS_VTL_JOINING_H

#include "validators/vtl/pending.h"

/*
 * inner_join, left_join and full_join: operands with their aliases, keys, then clauses in their
 * order, without brackets. The cursor stands at the word; then behind an operand or a clause.
 */
MUST_USE enum err joining_open(struct pending *pending);
MUST_USE enum err joining_step(struct pending *pending, bool *want);

#endif
