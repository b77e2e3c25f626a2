#ifndef GATEWAY_RECEIPT_ARMOUR_H
#define GATEWAY_RECEIPT_ARMOUR_H

#include "validators/base/buf.h"

/* Base64 (RFC 4648, 4) without line ends: every run of bytes has exactly one spelling. */
void armour_append(struct buf *out, struct str bytes);

/* The bytes that text spells, into room, which has text.size bytes. False when it is not their
 * spelling, or they are none. */
MUST_USE bool armour_undo(struct str text, char *room, struct str *out);

#endif
