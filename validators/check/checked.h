#ifndef VALIDATORS_CHECK_CHECKED_H
#define VALIDATORS_CHECK_CHECKED_H

#include "validators/base/buf.h"
#include "validators/check/check.h"

/*
 * The result of a check as bytes, to cross from the sandboxed checker to whoever decides. The
 * reader trusts nothing: the writer may have been taken over by the file it checked, so every
 * count, index and offset is verified against the catalogue and the size of the file, and text must
 * be UTF-8. Numbers are little-endian; the format is private to one build on one machine and never
 * stored.
 */
enum { CHECKED_VERSION = 2 };

/* Fails with ERR_LIMIT when out cannot take it all. Signature tables are not written. */
MUST_USE enum err checked_encode(const struct checked *checked, struct buf *out,
                                 struct fault *fault);

/* Everything in *out is copied into arena. Fails with ERR_WIRE (malformed) or ERR_MEMORY. */
MUST_USE enum err checked_decode(struct arena *arena, struct str bytes, size_t file_size,
                                 const struct catalogue *catalogue, struct checked *out,
                                 struct fault *fault);

#endif
