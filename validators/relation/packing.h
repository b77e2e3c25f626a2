#ifndef VALIDATORS_RELATION_PACKING_H
#define VALIDATORS_RELATION_PACKING_H

#include "validators/relation/keyring.h"

/*
 * The words of keys: value by value, less the least there is, one above the other in as few bits as
 * all sides need. Keys that do not fit 64 bits are loose: their word is a hash of their values, so
 * equal words are only probably equal keys.
 */
enum { PACKING_CHUNK = 1024 };

struct packing_field {
    int64_t  low;
    unsigned shift;
    unsigned bits;
};

struct packing {
    const struct keyring_side *sides;
    size_t                     key_count;
    bool                       loose;
    unsigned                   bits; /* of a packed word */
    struct packing_field       fields[RELATION_COMPONENTS_MAX];
};

struct packing packing_plan(const struct keyring_side *sides, size_t side_count, size_t key_count);

/* The words of some rows of a side; salt is that of loose keys. */
void packing_words(const struct packing *packing, size_t side, size_t from, size_t count,
                   uint64_t salt, uint64_t *words);

/* holes[i] = 1 where row from + i lacks a value of its key, else 0; false if none does, and then
 * holes is not written. */
bool packing_holes(const struct packing *packing, size_t side, size_t from, size_t count,
                   uint8_t *holes);

bool packing_same(const struct packing *packing, struct keyring_first a, struct keyring_first b);

#endif
