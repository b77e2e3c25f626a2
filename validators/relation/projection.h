#ifndef VALIDATORS_RELATION_PROJECTION_H
#define VALIDATORS_RELATION_PROJECTION_H

#include "validators/relation/relation.h"

/*
 * Other components for the same rows: clauses keep, drop, rename and calc, and the membership
 * operator (Reference Manual, Clause operators; General purpose operators: Membership). No cell is
 * copied, unless a number is rescaled. Components are named by number; rows keep their lanes.
 */

/* The identifiers, and of the others these (keep) or all but these (drop), in the order of in.
 * ERR_USAGE: a number that is an identifier, or none of in. */
MUST_USE enum err projection_keep(struct arena *arena, const struct relation *in,
                                  const size_t *numbers, size_t count, struct relation *out,
                                  struct fault *fault);
MUST_USE enum err projection_drop(struct arena *arena, const struct relation *in,
                                  const size_t *numbers, size_t count, struct relation *out,
                                  struct fault *fault);

/* Exactly these, in this order, identifiers or not: for results whose rows stay distinct. */
MUST_USE enum err projection_select(struct arena *arena, const struct relation *in,
                                    const size_t *numbers, size_t count, struct relation *out,
                                    struct fault *fault);

struct projection_name {
    size_t     component;
    struct str name; /* borrowed */
};

/* All at once, so that two may swap their names. ERR_USAGE: a name twice in the result. */
MUST_USE enum err projection_rename(struct arena *arena, const struct relation *in,
                                    const struct projection_name *names, size_t count,
                                    struct relation *out, struct fault *fault);

struct projection_addition {
    struct relation_component component; /* its name is borrowed */
    struct relation_column    column;    /* of in->row_count cells, borrowed */
};

/*
 * calc: each takes the place of the component of its name, or stands behind the others. ERR_USAGE:
 * an identifier would be replaced, a new identifier is null in a row (named), a name given twice.
 */
MUST_USE enum err projection_calc(struct arena *arena, const struct relation *in,
                                  const struct projection_addition *additions, size_t count,
                                  struct relation *out, struct fault *fault);

/* ERR_USAGE: a row is null in what becomes an identifier. What stops to be one may leave rows with
 * the same identifiers: relation_duplicate tells. */
MUST_USE enum err projection_role(struct arena *arena, const struct relation *in, size_t component,
                                  enum relation_role role, struct relation *out,
                                  struct fault *fault);

/* A number or integer as a number with at least its scale. ERR_LIMIT: a value leaves 128 bits. */
MUST_USE enum err projection_rescale(struct arena *arena, const struct relation *in,
                                     size_t component, int scale, struct relation *out,
                                     struct fault *fault);

#endif
