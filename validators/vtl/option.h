#ifndef VALIDATORS_VTL_OPTION_H
#define VALIDATORS_VTL_OPTION_H

/* What an operator over datasets was told beside its operands (struct node, option and mode). */
enum node_role { NODE_ROLE_NONE, NODE_ROLE_IDENTIFIER, NODE_ROLE_MEASURE, NODE_ROLE_ATTRIBUTE };
enum node_join { NODE_JOIN_INNER, NODE_JOIN_LEFT, NODE_JOIN_FULL };
enum node_retain { NODE_RETAIN_ALL, NODE_RETAIN_TRUE, NODE_RETAIN_FALSE };

/* What a missing data point counts as, and when a rule is judged (check_hierarchy). */
enum node_mode {
    NODE_MODE_NON_NULL,
    NODE_MODE_NON_ZERO,
    NODE_MODE_PARTIAL_NULL,
    NODE_MODE_PARTIAL_ZERO,
    NODE_MODE_ALWAYS_NULL,
    NODE_MODE_ALWAYS_ZERO,
};

#endif
