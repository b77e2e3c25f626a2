#ifndef GATEWAY_INTAKE_CLAIM_H
#define GATEWAY_INTAKE_CLAIM_H

#include "gateway/intake/admission.h"

/*
 * The claims of a batch: which arrival is new, and which repeats what. Inside the transaction of
 * admission, in this order: claim_look, claim_digests, claim_keys. Digests are claimed before keys,
 * each in the order of its table's key, so that two workers rarely wait for each other in a circle.
 *
 * A race lost to another worker is ERR_STORE_CONFLICT: the transaction is to be given up and begun
 * anew, and then sees what the other one has committed.
 */
struct claim {
    const struct arrival *arrival;
    size_t          same_key;  /* an earlier arrival of the batch with this key, or CLAIM_NONE */
    size_t          same_body; /* the first one of the batch that asks for this body */
    struct admitted result;    /* admission 0: not known yet */
    bool            wants_key; /* the key is not in the store */
    bool            stands;    /* another submission stands for the body, and was rejected */
    struct uuid     follows;
    instant         arrived; /* offset included; never before the first byte */
    instant         first_byte;
    instant         first_arrived;
};

#define CLAIM_NONE SIZE_MAX

struct claims {
    struct store *store;
    struct arena *arena;
    struct claim *items;
    size_t        count;
    instant       now; /* the database's, without offset: for leases */
};

/* Read what is known of keys and credentials, and the clock; settles repeats of a key, and what
 * may not be filed any more. */
MUST_USE enum err claim_look(struct claims *claims, struct fault *fault);

/* Claim the bodies: the first arrival of each is new, or follows a rejected one, or repeats. */
MUST_USE enum err claim_digests(struct claims *claims, struct fault *fault);

/* Claim the keys for what answers for them; then every result is known. */
MUST_USE enum err claim_keys(struct claims *claims, struct fault *fault);

#endif
