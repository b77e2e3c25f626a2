#ifndef GATEWAY_RECEIPT_STAMPED_H
#define GATEWAY_RECEIPT_STAMPED_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * A receipt with a time stamp: the same bytes, and before the end of its signature one unsigned
 * property, xades:SignatureTimeStamp (XAdES baseline B-T) with the token of RFC 3161. What is
 * stamped is ds:SignatureValue as Exclusive C14N writes it alone. The receipt itself never changes:
 * taking the property out gives it back byte for byte. Knows nothing of tokens.
 */
enum { STAMPED_TOKEN_MAX = 64 * 1024, STAMPED_IMPRINT_SIZE = 32 };

/* SHA-256 of what is stamped. ERR_SYNTAX when this is no sealed receipt; ERR_CRYPTO, ERR_MEMORY. */
MUST_USE enum err stamped_imprint(struct arena *arena, struct str receipt,
                                  unsigned char sha256[STAMPED_IMPRINT_SIZE], struct fault *fault);

/* The receipt with this token. ERR_SYNTAX, ERR_LIMIT (a token that is too long), ERR_MEMORY. */
MUST_USE enum err stamped_write(struct arena *arena, struct str receipt, struct str token,
                                struct str *out, struct fault *fault);

/*
 * Anybody's bytes: *receipt without the property and *token, when they are exactly what
 * stamped_write writes of these two; otherwise *receipt = bytes and an empty token. ERR_MEMORY.
 */
MUST_USE enum err stamped_split(struct arena *arena, struct str bytes, struct str *receipt,
                                struct str *token, struct fault *fault);

#endif
