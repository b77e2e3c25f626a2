#ifndef VALIDATORS_RELATION_KEYRING_H
#define VALIDATORS_RELATION_KEYRING_H

#include "validators/relation/relation.h"

/*
 * Numbers for distinct keys, 0, 1, ... in the order of their first rows: what groups, matches and
 * finds doubles. A key is the values of some components in a row; keys of several relations (sides)
 * are the same if their values are. The ranges of all sides are looked at first: a key that fits 64
 * bits is packed into one word, and where the words are few they index an array, without a hash.
 * Linear; mixing.h says why also for keys that somebody chose. A row with a key that is not present
 * in full has no number: RELATION_NOWHERE.
 */
struct keyring_side {
    const struct relation *relation;
    const size_t          *keys; /* of equal types and scales on all sides */
};

enum { KEYRING_SIDES_MAX = 64 };

struct keyring_first {
    uint32_t row; /* of the first with this key */
    uint32_t side;
};

struct keyring;

/* Sides and their keys stay borrowed. */
MUST_USE enum err keyring_create(struct arena *arena, const struct keyring_side *sides,
                                 size_t side_count, size_t key_count, struct keyring **out,
                                 struct fault *fault);

/* numbers[row] of every row of a side; what is new gets the next number. */
MUST_USE enum err keyring_add(struct keyring *ring, size_t side, uint32_t *numbers,
                              struct fault *fault);

/* The same, NOWHERE for what is new. */
void keyring_find(struct keyring *ring, size_t side, uint32_t *numbers);

size_t                      keyring_count(const struct keyring *ring);
const struct keyring_first *keyring_firsts(const struct keyring *ring);

/* Slots looked at, ever: what a test bounds. 0 where an array did. */
uint64_t keyring_steps(const struct keyring *ring);

#endif
