#ifndef GATEWAY_FRONT_CREDENTIAL_H
#define GATEWAY_FRONT_CREDENTIAL_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * What a request shows of who sends it, as the digest by which the registry knows it: SHA-256 of a
 * token, or of the SubjectPublicKeyInfo of a client certificate, computed here (design.md 3).
 */
enum { CREDENTIAL_DIGEST_SIZE = 32, CREDENTIAL_CERTIFICATE_MAX = 16 * 1024 };

/*
 * The digest of the public key of a certificate in PEM, percent-encoded as nginx passes it on
 * ($ssl_client_escaped_cert). Untrusted: at most CREDENTIAL_CERTIFICATE_MAX bytes, one certificate,
 * nothing behind it. ERR_SYNTAX, ERR_LIMIT, ERR_CRYPTO; *digest is then untouched.
 */
MUST_USE enum err credential_of_certificate(struct arena *arena, struct str escaped,
                                            unsigned char digest[CREDENTIAL_DIGEST_SIZE],
                                            struct fault *fault);

#endif
