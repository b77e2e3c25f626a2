#ifndef VALIDATORS_PRESCAN_CHARACTERS_H
#define VALIDATORS_PRESCAN_CHARACTERS_H

#include "validators/prescan/refusal.h"

/*
 * Are the bytes UTF-8 (RFC 3629, shortest form) and every character one that XML 1.0 allows
 * (production 2: tab, LF, CR, U+0020..U+D7FF, U+E000..U+FFFD, U+10000..U+10FFFF)?
 *
 * Returns how many bytes from the start of the file are so, never in the middle of a character. If
 * that is less than the whole, *out says what stands there.
 */
size_t characters_check(struct str bytes, struct refusal *out);

/* Is this code point a Char of XML 1.0? For character references. */
bool characters_allowed(uint32_t point);

#endif
