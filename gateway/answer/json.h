#ifndef GATEWAY_ANSWER_JSON_H
#define GATEWAY_ANSWER_JSON_H

#include "validators/base/buf.h"

/*
 * A writer of JSON (RFC 8259) into a buf. Commas, quotes and escapes are its own; the order of
 * calls is the caller's, and a wrong one (a value without its key, an end without its beginning) is
 * a bug (ENSURE). What it writes is always UTF-8: a byte that is not becomes U+FFFD. No spaces, no
 * line ends. Amounts are written as texts by their owners; there is no call for fractions.
 */
enum { JSON_DEPTH_MAX = 16 };

struct json {
    struct buf *out;
    size_t      depth;
    bool        filled[JSON_DEPTH_MAX];    /* by depth: a member was written, a comma is due */
    bool        is_object[JSON_DEPTH_MAX]; /* by depth: members have keys */
    bool        has_key;                   /* a key was written and waits for its value */
};

struct json json_create(struct buf *out);
void        json_object_begin(struct json *json);
void        json_object_end(struct json *json);
void        json_array_begin(struct json *json);
void        json_array_end(struct json *json);
void        json_key(struct json *json, const char *key);
void        json_text(struct json *json, struct str text);
void        json_text_or_null(struct json *json, struct str text);     /* null for the empty text */
void json_member(struct json *json, const char *key, struct str text); /* key, text or null */
/* key, bytes in lower-case hexadecimal; null for bytes == NULL */
void json_hex(struct json *json, const char *key, const unsigned char *bytes, size_t size);
void json_number(struct json *json, int64_t number);
void json_truth(struct json *json, bool value);
void json_absent(struct json *json);
void json_stored(struct json *json, struct str value); /* JSON already */

#endif
