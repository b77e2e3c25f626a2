#ifndef GATEWAY_SETBOOK_PLACE_H
#define GATEWAY_SETBOOK_PLACE_H

#include "gateway/intake/conclusion.h"
#include "validators/sets/sets.h"

/*
 * Which sets a batch of decisions touches: the set of the unit, and of the JST at the top of its
 * tree on the last day of the period, for the period of each report that is accepted (or was
 * decided before, and may have been), and those of later periods whose rules look back at it. Pure.
 */
struct place {
    int64_t         owner; /* the JST, or the unit */
    struct sets_key key;
    size_t          item; /* the first of the batch that touches it */
};

/* A report that belongs to the sets of a JST from now on. */
struct place_member {
    int64_t jst;
    size_t  item;
    size_t  ordinal; /* in the package */
};

struct places {
    struct place        *now; /* to be judged with the batch; each once, in order */
    size_t               now_count;
    struct place        *later; /* of other periods, to be judged by a row of work */
    size_t               later_count;
    struct place_member *members; /* in the order of the batch */
    size_t               member_count;
};

/* ERR_MEMORY. */
MUST_USE enum err place_search(struct arena *arena, const struct sets *sets,
                               const struct concluding *items, size_t count, struct places *out,
                               struct fault *fault);

/* The order of places; 0: the same set. */
int place_compare(const struct place *a, const struct place *b);

/* The place of these in the list; NULL: it is not there. */
const struct place *place_find(const struct place *list, size_t count, int64_t owner,
                               const struct sets_key *key);

/* "2026-Q2", "2026-03"; without data when arena is full. */
struct str place_period(struct arena *arena, const struct period *period);

#endif
