#ifndef TESTS_SUPPORT_TWIN_H
#define TESTS_SUPPORT_TWIN_H

#include "validators/base/buf.h"

/*
 * An XML fragment written twice at once: as it stands in the file, and as Canonical XML gives it.
 *
 * The writer knows both by construction, because it knows every byte that it writes: it has no
 * entities, no default attributes, no white space in tags, and attributes already in order. So
 * made-up packages are digested without any canonicalisation code, ours or a library's.
 */
struct twin {
    struct buf raw;       /* for the file */
    struct buf canonical; /* for the digest */
};

struct twin twin_create(struct arena *arena, size_t size_max);

/* The same bytes in both. */
void twin_both(struct twin *twin, struct str bytes);
void twin_format(struct twin *twin, const char *format, ...) PRINTF_LIKE(2, 3);

/* What differs between the two. */
void twin_split(struct twin *twin, struct str raw, struct str canonical);

/* An element without content: <name attributes /> in the file, start and end tag when canonical. */
void twin_empty(struct twin *twin, const char *name, const char *attributes);

bool twin_ok(const struct twin *twin);

#endif
