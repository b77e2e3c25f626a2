#ifndef VALIDATORS_RELATION_LANES_H
#define VALIDATORS_RELATION_LANES_H

#include "validators/relation/origin.h"

/* Making the lanes of results (origin.h); each leaves *out untouched on failure. */

/* One lane whose rows are those of source, in their order. */
MUST_USE enum err lanes_of_source(struct arena *arena, const struct origin_source *source,
                                  const struct relation_lane **out, struct fault *fault);

/* in's lanes for rows in a new order (NOWHERE: nothing), written to made[0 .. in->lane_count). */
MUST_USE enum err lanes_gather(struct arena *arena, const struct relation *in, const uint32_t *rows,
                               size_t count, struct relation_lane *made, struct fault *fault);

/* Rows of several relations one behind another: row i is rows[i] of relations[which[i]]. */
struct lanes_pick {
    const struct relation *const *relations;
    size_t                        relation_count;
    const uint8_t                *which;
    const uint32_t               *rows;
    size_t                        count;
};

/* As many lanes as the relation with the most has, into out->lanes and out->lane_count. */
MUST_USE enum err lanes_of_pick(struct arena *arena, const struct lanes_pick *pick,
                                struct relation *out, struct fault *fault);

#endif
