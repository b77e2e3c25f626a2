#ifndef GATEWAY_PEOPLE_SIGN_IN_H
#define GATEWAY_PEOPLE_SIGN_IN_H

#include "gateway/people/secret.h"
#include "gateway/store/store.h"

/*
 * How somebody proves who they are, and gets a session. A provider of identities answers one
 * question: which person is this? The ones that are: a password with a code, and a certificate that
 * nginx has verified. login.gov.pl would be a third row of the table in sign_in.c: what it asserts
 * is looked up in people.identity like the key of a certificate.
 *
 * Nobody learns whether an account exists: the same words, the same work, the same waiting. Tries
 * are counted by account and address (people.attempt), so that nobody locks out anybody elsewhere.
 * Runs as brama_desk, outside a transaction: what was counted stays counted.
 */
enum sign_in_provider {
    SIGN_IN_PASSWORD,
    SIGN_IN_CERTIFICATE,
    SIGN_IN_PASSWORD_ALONE, /* for who is signed in already: opens no session */
    SIGN_IN_PROVIDER_COUNT
};

struct sign_in {
    enum sign_in_provider provider;
    struct str            email;    /* PASSWORD; as typed */
    struct str            password; /* PASSWORD */
    struct str            code;     /* PASSWORD: of the authenticator, or a recovery code */
    struct str            key;      /* CERTIFICATE: SHA-256 of its SPKI, 32 bytes */
    struct str            address;  /* of the network, as text */
};

enum sign_in_outcome {
    SIGN_IN_REFUSED = 0, /* one of the three is wrong, and nobody says which */
    SIGN_IN_WAIT,        /* too many tries from here: nothing was looked at */
    SIGN_IN_DONE,
};

struct sign_in_result {
    enum sign_in_outcome outcome;
    int64_t              wait_seconds; /* WAIT */
    struct uuid          person;       /* DONE */
    struct str           token;        /* DONE: for the cookie; kept nowhere */
    unsigned char        digest[SECRET_DIGEST_SIZE];
};

MUST_USE enum err sign_in_try(struct store *store, struct arena *arena,
                              const struct sign_in *attempt, struct sign_in_result *out,
                              struct fault *fault);

/* The same, counted in the same way, without a session: who it is (out->person), or why not. */
MUST_USE enum err sign_in_check(struct store *store, struct arena *arena,
                                const struct sign_in *attempt, struct sign_in_result *out,
                                struct fault *fault);

/* An address of e-mail as it is kept: without white space around it, in lower case. */
MUST_USE enum err sign_in_address(struct arena *arena, struct str typed, struct str *out,
                                  struct fault *fault);

#endif
