#ifndef GATEWAY_SUBMISSION_FIGURES_H
#define GATEWAY_SUBMISSION_FIGURES_H

#include "gateway/definitions/definitions.h"
#include "gateway/registry/registry.h"
#include "gateway/store/store.h"
#include "validators/rules/rules.h"

/*
 * What the reports of packages are held against, from the store (gateway/reference): of units that
 * the registry knows, of forms whose rules ask, for the one period of each package. Packages
 * without any such report ask nothing. Shared by the stage, which takes what is in force, and by a
 * replay, which takes what was read then.
 */
struct figures_subject {
    const struct package         *package;
    const struct registry_answer *units;
    struct figures                figures; /* set by figures_find */
    unsigned char sha256[32];              /* likewise; zeros: there was nothing for the period */
};

struct figures_request {
    struct store             *store;
    const struct definitions *definitions;
    enum environment          environment;
    const unsigned char      *reading; /* its digest; NULL: the newest */
};

/* One round trip for all. Fails as store_run. */
MUST_USE enum err figures_find(struct arena *arena, const struct figures_request *request,
                               struct figures_subject *subjects, size_t count, struct fault *fault);

#endif
