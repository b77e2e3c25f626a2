#ifndef VALIDATORS_SETS_REMARKS_H
#define VALIDATORS_SETS_REMARKS_H

#include "validators/rules/lints.h"

/*
 * What has to be mended in the scripts of rules between reports beyond what compiling refuses:
 * above all every operator that silently leaves out what one side does not have, so that a rule
 * would hold because something is missing. inner_join and left_join, arithmetic, comparison and
 * logic of two datasets, intersect: full_join and nvl say the same and forget nothing. A quotient
 * stands in round(x / y, n), as in the rules of a form.
 */
enum { REMARKS_OF_SCRIPT_MAX = 100 };

/* Fills at most REMARKS_OF_SCRIPT_MAX problems, returns how many there are. ERR_MEMORY. */
MUST_USE enum err remarks_on(struct arena *arena, const struct vtl_script *script,
                             struct vtl_problem *problems, size_t *count, struct fault *fault);

/* All that compiling refuses and remarks_on names, of every script of every set. ERR_MEMORY. */
MUST_USE enum err remarks_run(struct arena *arena, const struct catalogue *catalogue,
                              struct lints_summary *out, struct fault *fault);

#endif
