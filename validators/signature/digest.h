#ifndef VALIDATORS_SIGNATURE_DIGEST_H
#define VALIDATORS_SIGNATURE_DIGEST_H

#include "validators/signature/c14n.h"

#include <openssl/types.h>

/*
 * Canonical XML straight into OpenSSL, without a copy in between. *outcome says whether the element
 * could be canonicalised: ERR_OK, ERR_LIMIT or ERR_SYNTAX; then nothing else is meant.
 */

/* SHA-256 of an element. Fails with ERR_CRYPTO. */
MUST_USE enum err digest_element(const struct c14n_request *request, unsigned char sha256[32],
                                 enum err *outcome, struct fault *fault);

/* "value is the RSA PKCS#1 v1.5 signature with SHA-256 that the owner of key made." */
struct digest_claim {
    EVP_PKEY  *key;
    struct str value;
};

/* Whether the claim is true of an element. Fails with ERR_CRYPTO. */
MUST_USE enum err digest_verify(const struct c14n_request *request,
                                const struct digest_claim *claim, enum err *outcome, bool *good,
                                struct fault *fault);

#endif
