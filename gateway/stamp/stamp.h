#ifndef GATEWAY_STAMP_STAMP_H
#define GATEWAY_STAMP_STAMP_H

#include "validators/base/err.h"
#include "validators/base/moment.h"
#include "validators/base/str.h"

/*
 * Time stamps of RFC 3161 over a SHA-256: the question, the check of an answer, and the check of a
 * token that was kept. What comes from a time-stamping authority is bytes of a stranger until it is
 * checked: its form, version, imprint, nonce, policy, and the path of its signer, who must be
 * certified for time stamps, to the trusted. No sockets and no clock here.
 */
enum { STAMP_IMPRINT_SIZE = 32, STAMP_NONCE_SIZE = 8, STAMP_ANSWER_MAX = 64 * 1024 };

struct stamp_trust;

struct stamp_question {
    unsigned char imprint[STAMP_IMPRINT_SIZE];
    unsigned char nonce[STAMP_NONCE_SIZE];
    struct str    der; /* to be sent as application/timestamp-query */
};

struct stamp {
    struct str token; /* DER of the CMS structure that is kept */
    instant    at;    /* what it says */
};

/* Issuers of time-stamping authorities, PEM; policy: the only one accepted, dotted, empty: any.
 * ERR_CRYPTO: no certificate in it, or no policy. Freed with arena. */
MUST_USE enum err stamp_trust_create(struct arena *arena, struct str pem, struct str policy,
                                     struct stamp_trust **out, struct fault *fault);

/* A question about this digest. nonce: random bytes. ERR_CRYPTO, ERR_MEMORY. */
MUST_USE enum err stamp_ask(struct arena *arena, const unsigned char imprint[STAMP_IMPRINT_SIZE],
                            const unsigned char       nonce[STAMP_NONCE_SIZE],
                            const struct stamp_trust *trust, struct stamp_question *out,
                            struct fault *fault);

/*
 * An answer to that question. ERR_SYNTAX: it is none, or has something after its end. ERR_DENIED:
 * the authority refuses, or what it gave does not hold (the text says which part). ERR_MEMORY.
 */
MUST_USE enum err stamp_take(struct arena *arena, const struct stamp_trust *trust,
                             const struct stamp_question *question, struct str answer,
                             struct stamp *out, struct fault *fault);

/*
 * A token that was kept, against the digest that it shall be of; its signer's certificate must
 * have been valid when it says it was made. The same failures.
 */
MUST_USE enum err stamp_check(struct arena *arena, const struct stamp_trust *trust,
                              struct str token, const unsigned char imprint[STAMP_IMPRINT_SIZE],
                              struct stamp *out, struct fault *fault);

#endif
