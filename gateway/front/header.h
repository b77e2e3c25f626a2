#ifndef GATEWAY_FRONT_HEADER_H
#define GATEWAY_FRONT_HEADER_H

#include "validators/base/str.h"

/*
 * The values of request headers, read strictly: pure functions over untrusted text. A text that the
 * norm does not allow is refused, never guessed at.
 */
enum { HEADER_SHA256_SIZE = 32, HEADER_KEY_MAX = 255 };

/*
 * Whether a field is one that the norm allows (RFC 9110, 5.1 and 5.5): its name a token, in its
 * value no control character but the tab. The library lets more through, and what two readers may
 * understand in two ways is how requests are smuggled.
 */
bool header_field_valid(struct str name, struct str value);

/* Idempotency-Key: 1 to 255 printable ASCII characters. */
bool header_key_valid(struct str text);

/*
 * Content-Digest (RFC 9530): its sha-256 member. False for what is not a list of members, and when
 * it has no sha-256 or two: what we cannot check we do not pretend to have checked.
 */
MUST_USE bool header_content_digest(struct str text, unsigned char sha256[HEADER_SHA256_SIZE]);

/* Content-Type is application/xml or text/xml, whatever its parameters. */
bool header_is_xml(struct str text);

/* Content-Type is application/json, whatever its parameters. */
bool header_is_json(struct str text);
bool header_is_csv(struct str text); /* text/csv, in the same way */

enum header_coding { HEADER_CODING_NONE, HEADER_CODING_GZIP, HEADER_CODING_OTHER };

enum header_coding header_content_coding(struct str text);

/* Prefer (RFC 7240). What is not understood is ignored, as the norm says. */
struct header_preference {
    bool    respond_async;
    int64_t wait_seconds; /* -1: not said */
};

struct header_preference header_prefer(struct str text);

/*
 * Cookie (RFC 6265, 4.2): the value of __Host-brama, 43 characters of base64url; false when there
 * is none, when it looks otherwise, or when there are two. A cookie without that prefix is not
 * ours: another host could have set it.
 */
MUST_USE bool header_cookie(struct str text, struct str *token);

/* Authorization: the token behind "Bearer "; false for another scheme or a token of odd characters.
 */
MUST_USE bool header_bearer(struct str text, struct str *token);

#endif
