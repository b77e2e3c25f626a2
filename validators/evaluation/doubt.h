#ifndef VALIDATORS_EVALUATION_DOUBT_H
#define VALIDATORS_EVALUATION_DOUBT_H

#include "validators/evaluation/evaluator.h"

/*
 * Rows of which a condition cannot tell: it divides by zero there, leaves the range of numbers, or
 * reads a cell that cannot be read. One such row does not stop a script, and it is not left out
 * either, for what is worked out over the others would then be a wrong number: it stays with cells
 * that failed, so that whatever reads them fails too, and a notice says so. In a mask such a row
 * has VTL_NOT_EVALUATED or VTL_ERROR.
 */

/* Whether the mask has such a row; if so, a notice at the place counts them. */
bool doubt_tell(struct evaluator *evaluator, struct vtl_place place, const struct relation *in,
                const uint8_t *mask);

/* The same rows; where the mask doubts, all cells but identifiers have failed. */
MUST_USE enum err doubt_fail(struct evaluator *evaluator, const struct relation *in,
                             const uint8_t *mask, struct relation *out);

/* The rows for which the mask is true, and those in doubt, failed and told. */
MUST_USE enum err doubt_filter(struct evaluator *evaluator, struct vtl_place place,
                               const struct relation *in, uint8_t *mask, struct relation *out);

#endif
