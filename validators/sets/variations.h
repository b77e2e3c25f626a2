#ifndef VALIDATORS_SETS_VARIATIONS_H
#define VALIDATORS_SETS_VARIATIONS_H

#include "validators/rules/mutants.h"
#include "validators/sets/sets.h"

/*
 * How much the cases beside the rules between reports notice: every script is changed in every
 * small way that validators/vtl/mutation.h knows, one at a time, and the cases of that rule run
 * again. A change that no case notices is a survivor.
 */

/* All rules. Fails with ERR_CATALOGUE (as trials_run, before any change) or ERR_MEMORY. */
MUST_USE enum err variations_run(struct arena *arena, const struct sets *sets,
                                 struct mutants_summary *out, struct fault *fault);

#endif
