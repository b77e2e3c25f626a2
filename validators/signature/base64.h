#ifndef VALIDATORS_SIGNATURE_BASE64_H
#define VALIDATORS_SIGNATURE_BASE64_H

#include "validators/base/str.h"

/*
 * xs:base64Binary, strictly (RFC 4648, 4): XML white space anywhere, else only the alphabet, whole
 * groups of four, '=' only at the very end, unused bits zero. So every value has one spelling.
 */

/* The bytes, in arena; .data == NULL when text is not base64, is empty, or the arena is full. */
struct str base64_decode(struct arena *arena, struct str text);

#endif
