#ifndef VALIDATORS_RELATION_ORIGIN_H
#define VALIDATORS_RELATION_ORIGIN_H

#include "validators/relation/relation.h"

/*
 * Which rows of the loaded datasets a row was made of, so that a finding can point at cells
 * (reference/vtl.md 6). A relation has one lane per operand that went into it; a lane gives each
 * row a source and an ordinal there. Row-wise operators keep lanes; joins put the right one's
 * behind the left one's, with RELATION_NOWHERE where a side is missing; set operators keep those of
 * the row that won; an aggregation begins anew with one lane whose source is its groups. The
 * members of a group are not stored: origin_members finds them again, for the few groups that
 * matter.
 *
 * Origins are bookkeeping and refuse nothing: of more than RELATION_LANES_MAX operands side by side
 * the last are forgotten, and where rows of one lane come from more than 256 different sources,
 * those of the last are RELATION_NOWHERE. The place of such a row is not known.
 */
struct origin_source {
    uint32_t dataset; /* as given to relation_create; of a loaded dataset only */
    const struct relation
                   *members; /* NULL: a loaded dataset; else the rows that were grouped ... */
    const uint32_t *firsts;  /* ... the first member of each group, by ordinal ... */
    const size_t   *keys;    /* ... and the components of members that they agree on */
    size_t          key_count;
};

struct relation_lane {
    const struct origin_source *const *sources;
    size_t                             source_count;
    const uint8_t                     *which;    /* per row, into sources; NULL: the first */
    const uint32_t                    *ordinals; /* per row, or NOWHERE; NULL: the row's number */
};

struct origin {
    const struct origin_source *source; /* NULL: the row has nothing there */
    uint32_t                    ordinal;
};

struct origin origin_at(const struct relation *relation, size_t lane, size_t row);

/* rows of source->members, ascending by group, then by row; ends[i] is the end of group i's. */
struct origin_members {
    uint32_t *rows;
    size_t   *ends; /* one per group asked for */
};

/*
 * The members of some groups of an aggregation (source->members != NULL), in one pass over its
 * operand: linear. What those rows were made of, their own lanes say. ERR_MEMORY.
 */
MUST_USE enum err origin_members(struct arena *arena, const struct origin_source *source,
                                 const uint32_t *ordinals, size_t count, struct origin_members *out,
                                 struct fault *fault);

#endif
