#ifndef VALIDATORS_RULES_ANSWERS_H
#define VALIDATORS_RULES_ANSWERS_H

#include "validators/rules/formulas.h"

/*
 * What the formulas of a form say of one report, and how it is told. Dictionaries are those of the
 * last day of the report's period.
 */
struct suspects;

struct answers {
    struct vtl_data         data;
    struct vtl_rule_result *results;  /* by formula.number */
    const struct suspects  *suspects; /* NULL: nobody looked for them */
};

/* Evaluate all formulas over the report. Answers live in the inspection's scratch. */
MUST_USE enum err answers_find(struct inspection *inspection, const struct formulas *formulas,
                               struct answers *out, struct fault *fault);

/* Tell what one formula found. */
MUST_USE enum err answers_tell(struct inspection *inspection, const struct formulas *formulas,
                               const struct formula *formula, const struct answers *answers,
                               enum severity severity, struct fault *fault);

#endif
