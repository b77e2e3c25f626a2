#ifndef GATEWAY_WIRE_BLOB_H
#define GATEWAY_WIRE_BLOB_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Bytes in a memfd: how anything longer than a message travels between roles, written once and
 * never copied by the sender. A sealed blob can neither change nor shrink, so that a reader may map
 * it whoever sent it.
 */

/* An empty memfd that can be written and sealed later; close-on-exec. ERR_SYSTEM. */
MUST_USE enum err blob_create(const char *name, int *fd, struct fault *fault);

/* Append all bytes. ERR_SYSTEM (also when the machine has no memory left). */
MUST_USE enum err blob_append(int fd, struct str bytes, struct fault *fault);

/* Seal against every change. Fails (ERR_WIRE) while somebody has it mapped writable. */
MUST_USE enum err blob_seal(int fd, struct fault *fault);

/* A sealed memfd holding these bytes. */
MUST_USE enum err blob_of(const char *name, struct str bytes, int *fd, struct fault *fault);

/*
 * Map a blob read-only until arena ends; it is not copied. Refuses (ERR_WIRE) what is not a fully
 * sealed memfd, ERR_LIMIT what is longer than size_max. The descriptor stays the caller's.
 */
MUST_USE enum err blob_map(struct arena *arena, int fd, size_t size_max, struct str *out,
                           struct fault *fault);

/*
 * Seal what somebody who is not trusted has written, and copy it (design.md 3: the worker copies
 * before it checks). ERR_WIRE when it cannot be sealed, ERR_LIMIT when it is longer than size_max.
 */
MUST_USE enum err blob_take(struct arena *arena, int fd, size_t size_max, struct str *out,
                            struct fault *fault);

#endif
