#ifndef VALIDATORS_SIGNATURE_CERTIFICATE_H
#define VALIDATORS_SIGNATURE_CERTIFICATE_H

#include "validators/base/err.h"
#include "validators/base/moment.h"

#include <openssl/types.h>

/*
 * A signer's certificate: read once per package however often it stands there, because two people
 * sign for many units. Says what is in it; what of that is acceptable is the verification's.
 */
enum certificate_key { CERTIFICATE_RSA, CERTIFICATE_NOT_RSA, CERTIFICATE_BAD_EXPONENT };

/* What is known of the way to the trust store, so that it is walked once. */
enum certificate_path { PATH_NOT_TRIED, PATH_FOUND, PATH_UNKNOWN_ISSUER, PATH_BROKEN };

struct certificate {
    unsigned char         sha256[32];
    X509                 *x509;        /* NULL: the bytes are no certificate */
    EVP_PKEY             *key;         /* of x509; NULL: no key that can be read */
    struct str            common_name; /* valid UTF-8 without control characters; may be empty */
    struct str            serial;      /* decimal; empty when absurdly long */
    moment                not_before;
    moment                not_after;
    enum certificate_key  key_kind;
    struct str            key_name; /* "RSA", "EC" */
    int                   key_bits;
    int                   exponent_bits; /* of an RSA key */
    bool                  is_authority;
    bool                  may_sign;    /* keyUsage absent, or it allows signing documents */
    struct str            weak_digest; /* of its own signature: "SHA1"; empty: a good one */
    enum certificate_path path;        /* the answer for path_age */
    size_t                path_age;    /* of the trust store (trust.c) */
    struct str            path_fault;  /* OpenSSL's words, when broken */
};

/* A time as it stands in a certificate; false when it cannot be read. */
MUST_USE bool certificate_moment(const ASN1_TIME *time, moment *out);

/* All certificates of one package. */
struct certificates;

/* Room for count_max different ones. NULL when arena is full. */
struct certificates *certificates_create(struct arena *arena, size_t count_max);

/*
 * The certificate with these bytes (DER), read now or before. *out == NULL when there are count_max
 * others. Fails with ERR_MEMORY or ERR_CRYPTO.
 */
MUST_USE enum err certificates_get(struct certificates *certificates, struct str der,
                                   struct certificate **out, struct fault *fault);

#endif
