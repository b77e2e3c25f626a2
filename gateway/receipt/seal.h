#ifndef GATEWAY_RECEIPT_SEAL_H
#define GATEWAY_RECEIPT_SEAL_H

#include "gateway/receipt/receipt.h"

/*
 * The gateway's seal on a receipt: XAdES baseline B-B, enveloped, exclusive C14N, SHA-256, ECDSA
 * P-256 (RSA from 2048 bits allowed), written with EVP over bytes that are canonical by
 * construction (limits.md A2). Signs facts only: there is no way to have given bytes signed.
 */
struct seal;

/*
 * From a private key and a certificate with its chain, both PEM; warms OpenSSL up, so that no file
 * is opened later. Refuses (ERR_CRYPTO) a key that is not the certificate's, weak or unusual keys.
 */
MUST_USE enum err seal_create(struct arena *arena, struct str key_pem, struct str certificate_pem,
                              struct seal **out, struct fault *fault);

/* The common name of the certificate, UTF-8; empty when it has none. Lives with the seal. */
struct str seal_owner(const struct seal *seal);

/* The signed receipt. at: SigningTime. */
MUST_USE enum err seal_receipt(struct arena *arena, const struct seal *seal,
                               const struct receipt_facts *facts, instant at, struct str *out,
                               struct fault *fault);

#endif
