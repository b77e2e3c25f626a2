#ifndef VALIDATORS_VTL_OPERAND_H
#define VALIDATORS_VTL_OPERAND_H

#include "validators/vtl/meaning.h"

/* The leaves of rules, and the operators on strings and sets. Called by typing_node. */

MUST_USE enum err operand_constant(struct typing *typing, const struct node *node,
                                   struct meaning *out);
MUST_USE enum err operand_variable(struct typing *typing, const struct node *node,
                                   struct meaning *out);

/* || substr length upper lower trim ltrim rtrim */
MUST_USE enum err operand_string(struct typing *typing, const struct node *node,
                                 struct meaning *out);

/* in, not_in */
MUST_USE enum err operand_membership(struct typing *typing, const struct node *node,
                                     struct meaning *out);

/* The value of a component, for a node that stands for it. */
MUST_USE enum err operand_load(struct typing *typing, const struct node *node, uint32_t component,
                               struct meaning *out);

#endif
