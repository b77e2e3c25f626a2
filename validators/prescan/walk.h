#ifndef VALIDATORS_PRESCAN_WALK_H
#define VALIDATORS_PRESCAN_WALK_H

#include "validators/prescan/names.h"
#include "validators/prescan/refusal.h"
#include "validators/prescan/scan.h"

/*
 * What the parts of the walk over the markup share (markup.c, tag.c, reference.c): where it stands
 * and what it has counted.
 *
 * Every part takes the walk at the first byte of its construct and leaves it behind the last one.
 * False means refused; *refusal then says why, and the walk is over.
 */
struct walk {
    const char                  *data;
    size_t                       size;
    size_t                       at;
    const struct prescan_limits *limits;
    struct names                *names;
    struct refusal              *refusal;
    size_t                       depth;
    size_t                       declarations; /* in force here */
    size_t                       comments;
    size_t                       cdata;
    size_t                       references;
    /* declarations of each open element; [0] is unused */
    uint32_t declared[PRESCAN_DEPTH_CEILING + 1];
};

bool walk_refuse(struct walk *walk, enum prescan_code code, size_t offset, struct str found);
bool walk_refuse_limit(struct walk *walk, enum prescan_code code, size_t offset, size_t limit);

/* What (in the genitive) began at offset and is not finished where the file ends. */
bool walk_refuse_cut(struct walk *walk, size_t offset, struct str what);

/* data[from .. to) */
struct str walk_slice(const struct walk *walk, size_t from, size_t to);

#endif
