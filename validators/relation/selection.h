#ifndef VALIDATORS_RELATION_SELECTION_H
#define VALIDATORS_RELATION_SELECTION_H

#include "validators/relation/relation.h"

/*
 * Some rows of a relation, in their order: clauses filter and sub (Reference Manual, Clause
 * operators: Filtering Data Points, Subspace). Linear.
 */

/* The rows whose mask is keep, so a mask of three-valued truth will do. */
MUST_USE enum err selection_filter(struct arena *arena, const struct relation *in,
                                   const uint8_t *mask, uint8_t keep, struct relation *out,
                                   struct fault *fault);

/* These rows, in this order; RELATION_NOWHERE is not among them. */
MUST_USE enum err selection_rows(struct arena *arena, const struct relation *in,
                                 const uint32_t *rows, size_t count, struct relation *out,
                                 struct fault *fault);

/* identifier = value; a string that no relation has ever had has id 0 and matches nothing. */
struct selection_point {
    size_t      identifier;
    amount_wide number; /* in the component's scale; of strings the id */
};

/* The rows that agree with all points, without those identifiers. ERR_USAGE: not an identifier, or
 * one named twice. */
MUST_USE enum err selection_sub(struct arena *arena, const struct relation *in,
                                const struct selection_point *points, size_t count,
                                struct relation *out, struct fault *fault);

#endif
