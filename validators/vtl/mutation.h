#ifndef VALIDATORS_VTL_MUTATION_H
#define VALIDATORS_VTL_MUTATION_H

#include "validators/vtl/problem.h"

#include "validators/base/str.h"

/*
 * Small changes of a rule, each of which turns it into another rule: a sign flipped, a comparison
 * made stricter or turned, a column taken for its neighbour, a constant one larger, "not" or "abs"
 * left out. Whoever writes cases for a rule wants each of them to be noticed. Knows tokens, not
 * meaning: a change may give a script that cannot be bound, and whoever binds it drops it then.
 * Error codes, levels and names of rules are left alone.
 */
struct mutation {
    struct str       rule; /* name of the rule that it changes */
    struct vtl_place place;
    struct str       was;     /* borrows the script's text */
    struct str       becomes; /* empty: left out */
};

/* All of them, in the order of the text. ERR_SYNTAX as vtl_parse; ERR_MEMORY. */
MUST_USE enum err mutation_list(struct arena *arena, struct str text, struct mutation **out,
                                size_t *count, struct vtl_problem *problem, struct fault *fault);

/*
 * The same of a script of expressions over datasets: also a constant of text made another, and a
 * join made one that leaves out what one side does not have. Names stay; mutation.rule is empty.
 */
MUST_USE enum err mutation_list_datasets(struct arena *arena, struct str text,
                                         struct mutation **out, size_t *count,
                                         struct vtl_problem *problem, struct fault *fault);

/* The script with that one change; `text` is the very text that it was listed for. ERR_MEMORY. */
MUST_USE enum err mutation_apply(struct arena *arena, struct str text,
                                 const struct mutation *mutation, struct str *out,
                                 struct fault *fault);

#endif
