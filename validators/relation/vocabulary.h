#ifndef VALIDATORS_RELATION_VOCABULARY_H
#define VALIDATORS_RELATION_VOCABULARY_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * The distinct strings of all relations that may meet, each with one number, so that strings are
 * compared by number. 0 is null; the first string is 1. Numbers are given in the order of arrival
 * and never change: a vocabulary only grows. Strings are compared by bytes, as the language does.
 * It also keeps the seed of everything in this module that hashes: validators/ knows no chance, so
 * the process draws a seed once, and no file can be made whose keys collide.
 *
 * Limits: VOCABULARY_TEXTS_MAX strings; bytes are bounded by the arena.
 */
enum { VOCABULARY_TEXTS_MAX = 1 << 26 };

struct vocabulary {
    struct arena *arena;
    uint64_t      seed;
    struct str   *texts; /* texts[number]; texts[0] is the empty text and means null */
    size_t        count; /* numbers are below it */
    size_t        capacity;
    uint32_t     *slots; /* numbers, open addressing; 0: free */
    size_t        slot_count;
    uint64_t      salt;  /* of the hash at hand; changed when a chain has grown too long */
    size_t        salts; /* taken so far */
    uint64_t      steps; /* slots looked at, ever: what a test bounds */
};

/* Empty. Lives in arena, as its strings will. ERR_MEMORY. */
MUST_USE enum err vocabulary_create(struct arena *arena, uint64_t seed, struct vocabulary **out,
                                    struct fault *fault);

/* The number of text, which is copied if it is new. ERR_LIMIT, ERR_MEMORY: *out is untouched. */
MUST_USE enum err vocabulary_add(struct vocabulary *vocabulary, struct str text, uint32_t *out,
                                 struct fault *fault);

/* The number of text, 0 if it is not there. */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, struct str text);

/* number is one of this vocabulary; 0 gives the empty text. */
struct str vocabulary_text(const struct vocabulary *vocabulary, uint32_t number);

#endif
