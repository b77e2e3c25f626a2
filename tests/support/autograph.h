#ifndef TESTS_SUPPORT_AUTOGRAPH_H
#define TESTS_SUPPORT_AUTOGRAPH_H

#include "tests/support/authority.h"
#include "tests/support/edit.h"

/*
 * One person's signature under one report, in BeSTi@'s XAdES 1.1.1 shape (domain.md 5): SignedInfo
 * and SignedProperties under inclusive C14N 1.0, the report under exclusive C14N, the reference to
 * a file name, the Id SignedPropertiesId that every signature uses, an ObjectReference that leads
 * nowhere, a time without zone. And whatever can be wrong with it.
 */
enum autograph_method {
    AUTOGRAPH_RSA_SHA256,
    AUTOGRAPH_RSA_SHA1,
    AUTOGRAPH_RSA_MD5,
    AUTOGRAPH_RSA_SHA512,
    AUTOGRAPH_RSA_PSS,
    AUTOGRAPH_ECDSA, /* R || S; the only one whose bytes differ from run to run */
    AUTOGRAPH_HMAC,  /* keyed with the public key: the classic confusion */
    AUTOGRAPH_METHOD_COUNT,
};

enum autograph_digest { AUTOGRAPH_SHA256, AUTOGRAPH_SHA1, AUTOGRAPH_SHA512 };

/* What stands in ds:KeyInfo. */
enum autograph_key_info { AUTOGRAPH_CERTIFICATE, AUTOGRAPH_KEY_VALUE, AUTOGRAPH_RETRIEVAL };

struct autograph {
    struct str                   number; /* of "Signature..." and "XadesObject..." */
    struct str                   report_id;
    struct str                   data; /* the report as digested: canonical bytes */
    struct str                   time; /* "2026-07-09T17:47:10" */
    struct str                   role;
    struct str                   declaration; /* ` xmlns:obcy="..."` in force above, or empty */
    struct str                   inherited;   /* ` xml:lang="pl"` in force above, or empty */
    const struct authority_card *signer;
    const struct authority_card *named; /* in SigningCertificate; most often signer */
    const struct authority_card *shown; /* in KeyInfo; most often signer */
    enum autograph_method        method;
    enum autograph_digest        digest; /* of the report */
    enum autograph_key_info      key_info;
    const struct edit           *edits; /* applied by their stage; may be NULL */
    size_t                       edit_count;
    struct edit_names            names;
};

/* The ds:Signature element. Fails with ERR_CRYPTO, ERR_USAGE (an edit does not fit), ERR_MEMORY. */
MUST_USE enum err autograph_write(struct arena *arena, const struct autograph *autograph,
                                  struct str *out, struct fault *fault);

#endif
