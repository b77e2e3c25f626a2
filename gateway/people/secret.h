#ifndef GATEWAY_PEOPLE_SECRET_H
#define GATEWAY_PEOPLE_SECRET_H

#include "validators/base/err.h"
#include "validators/base/uuid.h"

/*
 * Secrets that a program or a person shows: 256 random bits as text, of which we keep the SHA-256
 * alone. Nobody guesses them, so that a plain digest is enough; passwords are another matter
 * (password.h).
 */
enum { SECRET_SIZE = 32, SECRET_DIGEST_SIZE = 32, SECRET_TEXT_SIZE = 43 };

/* prefix ("brk_test_", or empty) and 43 characters of base64url; *digest is of the whole text.
 * ERR_SYSTEM (no random bytes), ERR_CRYPTO, ERR_MEMORY. */
MUST_USE enum err secret_make(struct arena *arena, struct str prefix, struct str *text,
                              unsigned char digest[SECRET_DIGEST_SIZE], struct fault *fault);

/* Bytes as base64url without padding (RFC 4648, 5). */
void secret_write(struct buf *out, const unsigned char *bytes, size_t size);

/* size random bytes of the system. ERR_SYSTEM. */
MUST_USE enum err secret_random(unsigned char *out, size_t size, struct fault *fault);

/* An identifier that nobody guesses (version 4). ERR_SYSTEM. */
MUST_USE enum err secret_uuid(struct uuid *out, struct fault *fault);

/* Whether two texts are the same, in a time that depends on their sizes alone. */
bool secret_equal(struct str a, struct str b);

#endif
