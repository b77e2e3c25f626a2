#ifndef VALIDATORS_BASE_SCALAR_H
#define VALIDATORS_BASE_SCALAR_H

#include "validators/base/str.h"

/*
 * One character at a time of a text that may not be UTF-8 (the name of a file, a message of a
 * library), so that whatever we write is. A byte that begins no well-formed sequence (Unicode 15,
 * table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF) stands for itself alone and
 * reads as U+FFFD.
 */
enum { SCALAR_REPLACEMENT = 0xFFFD };

struct scalar {
    uint32_t   value;
    struct str bytes; /* as they are to be written: of the text, or those of U+FFFD */
};

/* Take the first character off *rest; false when *rest is empty. */
bool scalar_next(struct str *rest, struct scalar *out);

#endif
