#ifndef VALIDATORS_RELATION_MIXING_H
#define VALIDATORS_RELATION_MIXING_H

#include <stdint.h>

/*
 * Keyed hashing: a word is mixed in by a multiplication whose 128 bits are folded to 64. Without
 * the salt nobody can choose words that collide. A table that meets a chain longer than
 * MIXING_CHAIN_MAX takes the next salt and is filled anew; a key that is not found within so many
 * slots is not there. So even someone who knows the seed makes a table slower by a constant, never
 * quadratic.
 */
enum {
    MIXING_CHAIN_MAX = 512,
    MIXING_SALTS_MAX = 8, /* of one table; more is ERR_LIMIT */
};

static inline uint64_t
mixing_fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 product;
    product                                 whole = (product)a * b;

    return (uint64_t)whole ^ (uint64_t)(whole >> 64);
}

/* The next salt after a seed or a salt (the steps of splitmix64, public domain). */
static inline uint64_t
mixing_next(uint64_t salt)
{
    uint64_t mixed = salt + UINT64_C(0x9E3779B97F4A7C15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

static inline uint64_t
mixing_word(uint64_t hash, uint64_t word, uint64_t salt)
{
    return mixing_fold(hash ^ word, salt | 1) ^ salt;
}

#endif
