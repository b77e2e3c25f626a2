#ifndef VALIDATORS_RULES_TRIAL_H
#define VALIDATORS_RULES_TRIAL_H

#include "validators/rules/answers.h"

/*
 * One row of a report's view as a data set of its own, in which one amount can be changed, to see
 * which of its findings would be gone then. Knows nothing of what that is told for. A cell that
 * cannot be read is never changed.
 */
enum { TRIAL_RULES_MAX = 64 }; /* of a view; one with more formulas is not tried */

struct trial {
    struct arena           *scratch;
    const struct formulas  *formulas;
    struct vtl_column      *cells; /* of the row */
    struct str             *texts; /* of its codes */
    struct vtl_data         data;
    struct vtl_rule_result *results;
    uint64_t                shown; /* bit i: findings of formula i are shown to the sender */
    uint64_t                wrong; /* of those, formulas that are false as it stands */
};

/* An amount that is tried, with what it holds now. */
struct trial_cell {
    size_t  component;
    int64_t value;
};

/* Whether there is anything to try: a plan of at most TRIAL_RULES_MAX formulas. */
bool trial_fits(const struct formulas *formulas);

/* The row of those answers, with what is wrong in it. Everything lives in scratch. ERR_MEMORY. */
MUST_USE enum err trial_open(struct trial *trial, struct arena *scratch,
                             const struct answers *answers, uint32_t row, struct fault *fault);

/* The amount of a component; false when it is none or cannot be read. An absent one is 0. */
MUST_USE bool trial_read(const struct trial *trial, size_t component, struct trial_cell *out);

/* Whether formula i is a comparison that is false now and reads the component. */
bool trial_concerns(const struct trial *trial, size_t formula, size_t component);

/*
 * What the cell would have to hold for the comparison of that formula to balance; *found false when
 * no whole number of its smallest units does it.
 */
MUST_USE enum err trial_balance(struct trial *trial, const struct trial_cell *cell, size_t formula,
                                int64_t *value, bool *found, struct fault *fault);

/* What is false when the cell holds `value`. */
MUST_USE enum err trial_value(struct trial *trial, const struct trial_cell *cell,
                              const int64_t *value, uint64_t *wrong, struct fault *fault);

#endif
