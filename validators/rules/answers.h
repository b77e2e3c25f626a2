#ifndef VALIDATORS_RULES_ANSWERS_H
#define VALIDATORS_RULES_ANSWERS_H

#include "validators/rules/formulas.h"
#include "validators/rules/lines.h"

/*
 * What the formulas of a form say of one report, and how it is told. Dictionaries are those of the
 * last day of the report's period.
 */
struct suspects;
struct crossings;

struct answers {
    const struct formulas  *formulas;
    struct vtl_data         data;
    size_t                  component_count; /* of its columns */
    struct lines            lines;           /* of formulas by column */
    struct vtl_rule_result *results;         /* by formula.number */
    const struct suspects  *suspects;        /* NULL: nobody looked for them */
    const struct crossings *crossings;       /* the same for a form of lines */
};

/* Evaluate all formulas over the report. Answers live in the inspection's scratch. */
MUST_USE enum err answers_find(struct inspection *inspection, const struct formulas *formulas,
                               struct answers *out, struct fault *fault);

/* Tell what one formula found. */
MUST_USE enum err answers_tell(struct inspection *inspection, const struct answers *answers,
                               const struct formula *formula, enum severity severity,
                               struct fault *fault);

#endif
