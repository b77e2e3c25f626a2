#ifndef GATEWAY_RECEIPT_ESCAPE_H
#define GATEWAY_RECEIPT_ESCAPE_H

#include "validators/base/buf.h"

/*
 * Text into XML as Canonical XML writes it (and as HTML reads it too): "&amp;", "&lt;", "&gt;",
 * "&#xD;" and no other escapes. Whatever XML 1.0 forbids (2.2: controls, U+FFFE, U+FFFF) and each
 * byte that is not UTF-8 becomes U+FFFD.
 */
void escape_append(struct buf *out, struct str text);

/* Only the replacement, without escapes. */
void escape_repair(struct buf *out, struct str text);

/* Take the four escapes back into room, which has text.size bytes. False for any other '&'. */
MUST_USE bool escape_undo(struct str text, char *room, struct str *out);

#endif
