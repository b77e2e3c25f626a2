#ifndef VALIDATORS_PRESCAN_NAMES_H
#define VALIDATORS_PRESCAN_NAMES_H

#include "validators/base/str.h"

/*
 * The set of distinct names of one file. libxml2's dictionary degrades with a million names, so the
 * set is small and its cost bounded: a name is looked for in NAMES_PROBES places at most, and a
 * table with so many names in a row counts as full. Filled to at most a quarter, an honest file
 * never meets that bound (chance below 1e-9); names made to collide do, and are refused.
 */
enum { NAMES_PROBES = 48 };

struct names_slot {
    uint32_t tag;    /* of the hash; 0 = free */
    uint32_t offset; /* in data */
    uint32_t size;
};

struct names {
    const char        *data; /* the file; names are kept as places in it */
    struct names_slot *slots;
    size_t             mask; /* number of slots (a power of two) - 1 */
    size_t             count;
    size_t             count_max;
};

/* An empty set for names of the file data; false when arena is full. */
MUST_USE bool names_create(struct arena *arena, const char *data, size_t count_max,
                           struct names *out);

/* Note the name data[from .. from + size), size > 0. False: it is one name too many. */
MUST_USE bool names_note(struct names *names, size_t from, size_t size);

#endif
