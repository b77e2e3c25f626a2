#ifndef GATEWAY_REGISTRY_TRAIT_H
#define GATEWAY_REGISTRY_TRAIT_H

#include "gateway/registry/registry.h"

/*
 * What a unit has from one day to another and some reports follow from: an account of art. 223,
 * delegated tasks (of one dysponent, or not said of which), expenditure that did not lapse. The
 * words are those of registry.trait and of the calendar. As brama_admin, inside a transaction of
 * the caller's; what cannot be is ERR_DENIED in Polish and leaves the transaction to be rolled
 * back. Nothing is deleted: a fact ends with a day.
 */
struct trait_fact {
    const struct registry_unit *unit;
    struct str                  trait;
    struct str                  office; /* the dysponent; empty: not said */
    struct date                 from;
    struct date                 to; /* year 0: open */
    struct str                  basis;
};

enum trait_change {
    TRAIT_SAME, /* it stands there already */
    TRAIT_ADDED,
    TRAIT_ENDED, /* it stood there with another last day */
};

MUST_USE enum err trait_add(struct store *store, struct arena *arena, const struct trait_fact *fact,
                            struct fault *fault);

/* The last one ends with fact->to, which is earlier than what was foreseen. */
MUST_USE enum err trait_end(struct store *store, struct arena *arena, const struct trait_fact *fact,
                            struct fault *fault);

/* That it stands there exactly so: added, or given another last day, when it does not. */
MUST_USE enum err trait_enter(struct store *store, struct arena *arena,
                              const struct trait_fact *fact, enum trait_change *out,
                              struct fault *fault);

#endif
