#ifndef VALIDATORS_DOCUMENT_PLACE_H
#define VALIDATORS_DOCUMENT_PLACE_H

#include "validators/base/str.h"

/*
 * Places in the bytes of a file. libxml2 tells where it stands, which is at the end of a start tag;
 * a finding points at its first byte. Offsets count from the start of the file, byte order mark
 * included.
 */

/*
 * The '<' of the tag in which or behind whose end the parser stands (at <= bytes.size). No '<' can
 * stand inside a tag, so it is the last one before `at`; 0 if there is none.
 */
uint32_t place_tag_start(struct str bytes, size_t at);

#endif
