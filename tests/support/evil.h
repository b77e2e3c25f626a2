#ifndef TESTS_SUPPORT_EVIL_H
#define TESTS_SUPPORT_EVIL_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Inputs made to hurt a reader of XML: encodings, broken markup, entities, and sizes (security.md
 * 4, classes E to J). A table: each has a name, and its bytes are made on demand. None is signed;
 * what is wrong with otherwise good packages is in maker.h.
 */
size_t      evil_count(void);
const char *evil_name(size_t index);

/* The bytes, in arena; up to 17 MiB. Fails with ERR_MEMORY only. */
MUST_USE enum err evil_write(struct arena *arena, size_t index, struct str *out,
                             struct fault *fault);

#endif
