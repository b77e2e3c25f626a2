#ifndef VALIDATORS_RULES_CONTRIBUTION_H
#define VALIDATORS_RULES_CONTRIBUTION_H

#include "validators/rules/answers.h"

/*
 * What the two sides of a formula's comparison are made of in one row: the cells that it adds up,
 * the largest first. A cell that is absent is named last, since it may be what the sum lacks; in a
 * sum of absolute values it cannot be, and is left out like every zero.
 */

/* Whether any side of the formula's comparison is a sum. */
bool contribution_has(const struct answers *answers, const struct formula *formula);

/* Fill finding->contributors, which then lives in the inspection's scratch. ERR_MEMORY. */
MUST_USE enum err contribution_find(struct inspection *inspection, const struct answers *answers,
                                    const struct formula *formula, uint32_t row,
                                    struct finding *finding, struct fault *fault);

#endif
