#ifndef VALIDATORS_RELATION_ORDERING_H
#define VALIDATORS_RELATION_ORDERING_H

#include "validators/relation/relation.h"

/*
 * Rows in an order of their own, for output: by the given components in turn, ascending, null
 * first, then unknown and failed, strings by bytes, periods as timespan.h says. Rows that are equal
 * there keep their order. n log n comparisons.
 */
MUST_USE enum err ordering_rows(struct arena *arena, const struct relation *in,
                                const size_t *components, size_t count, uint32_t **out,
                                struct fault *fault);

/* The canonical form: by the identifiers in the order of the components. */
MUST_USE enum err ordering_run(struct arena *arena, const struct relation *in, struct relation *out,
                               struct fault *fault);

#endif
