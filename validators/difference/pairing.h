#ifndef VALIDATORS_DIFFERENCE_PAIRING_H
#define VALIDATORS_DIFFERENCE_PAIRING_H

#include "validators/base/err.h"
#include "validators/catalogue/form.h"
#include "validators/columns/columns.h"

/* Which position of one version belongs to which of the other: the rule is in difference.h. */
struct pairing_pair {
    size_t before; /* SIZE_MAX: there is none */
    size_t after;
};

struct pairing {
    const struct pairing_pair *pairs; /* without those that are the same */
    size_t                     pair_count;
    size_t                     same;
};

/* ERR_MEMORY. */
MUST_USE enum err pairing_make(struct arena *arena, const struct form *form,
                               const struct columns *before, const struct columns *after,
                               struct pairing *out, struct fault *fault);

#endif
