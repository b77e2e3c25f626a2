#ifndef GATEWAY_COURIER_WEBHOOK_H
#define GATEWAY_COURIER_WEBHOOK_H

#include "validators/base/err.h"
#include "validators/base/str.h"

#include <stdint.h>

/*
 * The signature of Standard Webhooks 1.0.0 with an asymmetric key: "v1a," and Ed25519 over
 * "webhook-id.webhook-timestamp.body". The key is not that of the seal and signs nothing else. For
 * receivers that know no "v1a", "v1," and HMAC-SHA256 beside it, by each secret of the endpoint.
 */
struct webhook_key;

/* From a PEM; freed with arena. ERR_CRYPTO when it is none, or not Ed25519. */
MUST_USE enum err webhook_key_create(struct arena *arena, struct str pem, struct webhook_key **out,
                                     struct fault *fault);

/* "whpk_" and base64 of the 32 bytes, for receivers; lives with the key. */
struct str webhook_public_key(const struct webhook_key *key);

enum { WEBHOOK_SECRETS_MAX = 2 };

struct webhook_message {
    struct str id; /* webhook-id: the same at every attempt */
    int64_t    at; /* webhook-timestamp: of this attempt, seconds since 1970 */
    struct str body;
    struct str secrets[WEBHOOK_SECRETS_MAX]; /* 32 bytes each; empty: none */
};

/* The value of webhook-signature. */
MUST_USE enum err webhook_sign(struct arena *arena, const struct webhook_key *key,
                               const struct webhook_message *message, struct str *out,
                               struct fault *fault);

#endif
