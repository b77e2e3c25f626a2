#ifndef VALIDATORS_RULES_MUTANTS_H
#define VALIDATORS_RULES_MUTANTS_H

#include "validators/rules/rules.h"
#include "validators/vtl/mutation.h"

/*
 * How much the cases beside the rules notice: every formula is changed in every small way that
 * validators/vtl/mutation.h knows, one at a time, and the cases of that rule run again. A change
 * that no case notices is a survivor: either a case is missing, or the formula says too much.
 * Printing is the caller's.
 */
struct mutant {
    const struct rule_entry *entry;
    struct str               path; /* of the script */
    struct mutation          mutation;
};

struct mutants_summary {
    const struct mutant *survivors;
    size_t               survivor_count;
    size_t               noticed; /* changes that a case noticed */
    size_t               unfit;   /* changes that are no rule any more: other types */
};

/* All rules of all forms. Fails with ERR_CATALOGUE (as cases_run, before any change) or ERR_MEMORY.
 */
MUST_USE enum err mutants_run(struct arena *arena, const struct catalogue *catalogue,
                              const struct rules *rules, struct mutants_summary *out,
                              struct fault *fault);

#endif
