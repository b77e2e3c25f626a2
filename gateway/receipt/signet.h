#ifndef GATEWAY_RECEIPT_SIGNET_H
#define GATEWAY_RECEIPT_SIGNET_H

#include "gateway/receipt/imprint.h"
#include "validators/base/err.h"

#include <openssl/types.h>

/*
 * Which keys and certificates seal receipts, and the two spellings of an ECDSA value. The same
 * question is asked when a seal is made and when a receipt is read.
 */

/* ECDSA on P-256, or RSA of 2048 to 8192 bits; false for every other key. */
MUST_USE bool signet_method(const EVP_PKEY *key, enum imprint_method *out);

/* keyUsage is absent or allows signatures. */
bool signet_may_sign(X509 *certificate);

/* The certificates of a PEM text in their order, freed when arena ends. ERR_CRYPTO when there is
 * none, one cannot be read, or there are more than count_max. */
MUST_USE enum err signet_read_pem(struct arena *arena, struct str pem, size_t count_max, X509 **out,
                                  size_t *count, struct fault *fault);

/*
 * DER (r, s) to r || s. Of s and n - s, which verify alike, the smaller one is written, so that a
 * value has no twin (a receipt altered that way would still verify elsewhere).
 */
MUST_USE bool signet_flatten(const unsigned char *der, size_t size,
                             unsigned char out[IMPRINT_ECDSA_SIZE]);

/* Back to DER in *out (OPENSSL_free), its size; 0 when value has another size or the larger s. */
size_t signet_unfold(struct str value, unsigned char **out);

#endif
