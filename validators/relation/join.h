#ifndef VALIDATORS_RELATION_JOIN_H
#define VALIDATORS_RELATION_JOIN_H

#include "validators/relation/relation.h"

/*
 * Two relations side by side (Reference Manual, Join operators). More than two are joined stepwise
 * from the left, as there. What the rules of a kind demand of identifiers is the binder's matter;
 * here, keys are pairs of components of equal type and scale, and a null key matches nothing.
 *
 * The result has the components of left, then those of right without its keys, then no more; keys
 * have the names and roles of left (projection_role for a reference data set that stands right).
 * Two components with one name are ERR_USAGE: rename before. Rows come in the order of left,
 * matches of one row in the order of right; a full join appends the rows of right that matched
 * nothing, with their keys. Where a side is missing its components are null and its lanes
 * RELATION_NOWHERE.
 *
 * Linear in rows read and rows made. Keys that do not include all identifiers of one side multiply
 * rows, and whoever writes the data decides how much: a binder that wants none of it refuses such
 * keys. More than RELATION_ROWS_MAX are ERR_LIMIT before any is made.
 */
enum join_kind { JOIN_INNER, JOIN_LEFT, JOIN_FULL };

struct join {
    enum join_kind         kind;
    const struct relation *left;
    const struct relation *right;
    const size_t          *left_keys; /* left_keys[i] matches right_keys[i] */
    const size_t          *right_keys;
    size_t                 key_count; /* 0: every row matches every row */
};

MUST_USE enum err join_run(struct arena *arena, const struct join *join, struct relation *out,
                           struct fault *fault);

/*
 * The identifiers that both have, by name, as keys of a join; room for RELATION_COMPONENTS_MAX
 * each. ERR_USAGE: a common one differs in type or scale.
 */
MUST_USE enum err join_common(const struct relation *left, const struct relation *right,
                              size_t *left_keys, size_t *right_keys, size_t *key_count,
                              struct fault *fault);

#endif
