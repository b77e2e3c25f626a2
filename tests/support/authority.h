#ifndef TESTS_SUPPORT_AUTHORITY_H
#define TESTS_SUPPORT_AUTHORITY_H

#include "validators/base/err.h"
#include "validators/base/str.h"

#include <openssl/types.h>

/*
 * A throw-away certification authority for tests, and the persons it certifies.
 *
 * Keys are made at run time and never stand in the repository. Certificates are issued anew from
 * the keys, with fixed numbers and dates and an RSA signature, so the same keys give the same
 * bytes. Names and personal numbers are obviously invented. Good certificates have the shape of
 * BeSTi@'s qualified ones: RSA 2048, SHA-256, keyUsage nonRepudiation, 2025-01-01 .. 2040-01-01.
 */
enum authority_person {
    AUTHORITY_ACCOUNTANT,     /* good: Anna Przykladowa1 */
    AUTHORITY_HEAD,           /* good: Jan Przykladowy1 */
    AUTHORITY_STRANGER,       /* good, of somebody else: Ewa Inna1 */
    AUTHORITY_EXPIRED,        /* until 2026-06-30: before any report of its quarter is signed */
    AUTHORITY_SHORT_LIVED,    /* until 2026-07-15: valid at signing, not at an arrival later on */
    AUTHORITY_NOT_YET,        /* from 2027-01-01 */
    AUTHORITY_WEAK,           /* RSA 1024 */
    AUTHORITY_ELLIPTIC,       /* EC P-256 */
    AUTHORITY_UNKNOWN_ISSUER, /* by the other authority, which nobody trusts */
    AUTHORITY_NO_SIGNING,     /* keyUsage keyEncipherment only */
    AUTHORITY_SHA1,           /* certificate signed with SHA-1 */
    AUTHORITY_CA,             /* the authority's own certificate */
    AUTHORITY_OTHER_CA,       /* the other authority's own certificate */
    AUTHORITY_PERSON_COUNT,
};

/* One certificate and what a signature says about it. Lives as long as the authority. */
struct authority_card {
    EVP_PKEY  *key;         /* with the private part */
    struct str certificate; /* DER */
    struct str common_name;
    struct str issuer; /* as ds:X509IssuerName: "CN=..., O=..., C=PL" */
    struct str serial; /* as ds:X509SerialNumber: decimal */
};

struct authority;

/* New keys, kept nowhere. Half a second. Fails with ERR_CRYPTO or ERR_MEMORY. */
MUST_USE enum err authority_create(struct arena *arena, struct authority **out,
                                   struct fault *fault);

/*
 * The keys kept in folder/keys.pem, which is made (mode 0600) when it is missing. Several programs
 * may do so at once: all of them get the same keys. Fails with ERR_FILE, ERR_CRYPTO, ERR_MEMORY.
 */
MUST_USE enum err authority_open(struct arena *arena, const char *folder, struct authority **out,
                                 struct fault *fault);

const struct authority_card *authority_card(const struct authority *authority,
                                            enum authority_person   person);

/* The certificate of the authority (or of the other one) as PEM, for --trust. */
MUST_USE enum err authority_pem(struct arena *arena, const struct authority *authority,
                                enum authority_person person, struct str *out, struct fault *fault);

#endif
