#ifndef GATEWAY_REGISTRY_REFUSAL_H
#define GATEWAY_REGISTRY_REFUSAL_H

#include "gateway/store/store.h"

/*
 * What the database refuses, in the operator's words. For gateway/registry's own files only: a
 * table says which SQLSTATE means what for one statement; everything else goes up as it came.
 */
struct refusal {
    const char *state; /* "23P01"; NULL ends the table */
    const char *words; /* a sentence without its stop */
};

/* got, unless it is ERR_STORE with a state of the table: then ERR_DENIED with its words. */
MUST_USE enum err refusal_tell(const struct store *store, enum err got,
                               const struct refusal *refusals, struct str subject,
                               struct fault *fault);

#endif
