#ifndef GATEWAY_FINGERPRINT_FINGERPRINT_H
#define GATEWAY_FINGERPRINT_FINGERPRINT_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * SHA-256 of bytes, and of two runs of bytes one behind the other, for whoever has them all at
 * hand. ERR_CRYPTO; then nothing was written.
 */
enum { FINGERPRINT_SIZE = 32 };

MUST_USE enum err fingerprint_of(struct str bytes, unsigned char sha256[32], struct fault *fault);
MUST_USE enum err fingerprint_of_two(struct str first, struct str second, unsigned char sha256[32],
                                     struct fault *fault);

/* Whether two digests are the same. */
bool fingerprint_equal(const unsigned char a[32], const unsigned char b[32]);

/* A digest as bytes, borrowed. */
struct str fingerprint_str(const unsigned char sha256[32]);

#endif
