#ifndef GATEWAY_REGISTRY_CREDENTIAL_H
#define GATEWAY_REGISTRY_CREDENTIAL_H

#include "gateway/store/store.h"

/*
 * What programs show: tokens, and certificates by their public key. Of each we know the SHA-256.
 * One acts for a unit or for an office, within its scopes, until it expires, is revoked, or the
 * appointment in which it was made is over. As brama_admin, or as brama_desk within what row-level
 * security lets the one who is signed in.
 */

/* Scopes of a credential; their words in the API are "submissions:write", "review:*" and so on. */
enum { SCOPE_SUBMIT = 1, SCOPE_READ = 2, SCOPE_OBLIGATIONS = 4 };
enum { SCOPE_REGISTRY = 8, SCOPE_REVIEW = 16 };
/* Of a token that stands in the address of a calendar: it has no other scope. */
enum { SCOPE_FEED = 32, SCOPE_COUNT = 6 };
int         registry_scope_of(struct str word); /* 0: there is none */
const char *registry_scope_word(int scope);

struct registry_credential {
    int64_t     credential;
    int64_t     unit;    /* 0: of an office */
    struct str  office;  /* empty: of a unit */
    struct str  regon;   /* of the unit; when listed */
    struct uuid made_in; /* appointment in which it was made, and ends with; nil: by the operator */
    bool        is_certificate;
    int         scopes;
    struct str  label;
    instant     created;
    instant     expires;
    instant     revoked;   /* 0: not */
    instant     last_used; /* 0: never */
};

/* Store the SHA-256 of a token, or of a certificate's SubjectPublicKeyInfo: unit, is_certificate,
 * scopes, label and expires of *credential count. ERR_DENIED when it is bound already. */
MUST_USE enum err registry_bind(struct store *store, struct arena *arena,
                                const struct registry_credential *credential,
                                const unsigned char digest[32], int64_t *id, struct fault *fault);
MUST_USE enum err registry_revoke(struct store *store, struct arena *arena, int64_t credential,
                                  bool *found, struct fault *fault);
/* Of one unit; 0: all. *found of registry_revoke: false when there is none, or it was revoked. */
MUST_USE enum err registry_list_credentials(struct store *store, struct arena *arena, int64_t unit,
                                            struct registry_credential **out, size_t *count,
                                            struct fault *fault);

#endif
