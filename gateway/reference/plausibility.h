#ifndef GATEWAY_REFERENCE_PLAUSIBILITY_H
#define GATEWAY_REFERENCE_PLAUSIBILITY_H

#include "gateway/store/store.h"
#include "validators/catalogue/catalogue.h"

/*
 * What units had a year before the period of the reports that will be held against it, and the
 * medians of their kinds: an edition, computed by the database from the reports that are in force,
 * exactly. Which forms, columns and codes is what the rules of the catalogue ask for (checks
 * like-last-year and like-peers). The caller has begun a transaction as brama_admin and ends it.
 */
struct plausibility_counts {
    int64_t edition;
    int64_t units;  /* figures of units */
    int64_t peers;  /* and of kinds of units */
    bool    is_new; /* false: the newest edition says the same; roll back */
};

struct plausibility_wish {
    const struct catalogue *catalogue;
    const struct period    *period; /* of the reports that will be held against it */
    struct str              by;     /* who makes it */
};

MUST_USE enum err plausibility_make(struct store *store, struct arena *arena,
                                    const struct plausibility_wish *wish,
                                    struct plausibility_counts *out, struct fault *fault);

#endif
