#include "validators/relation/vocabulary.h"

#include "validators/relation/mixing.h"

#include <string.h>

enum { TEXTS_FIRST = 64, SLOTS_PER_TEXT = 2 };

static uint64_t
hash_of(const struct vocabulary *vocabulary, struct str text)
{
    uint64_t hash = vocabulary->salt ^ text.size;

    for (size_t at = 0; at < text.size; at += sizeof(uint64_t)) {
        size_t   left = text.size - at;
        uint64_t word = 0;
        memcpy(&word, text.data + at, left < sizeof word ? left : sizeof word);
        hash = mixing_word(hash, word, vocabulary->salt);
    }
    return hash ^ (hash >> 32);
}

/* The slot of text, or the free one where it belongs; NULL if its chain is too long. */
static uint32_t *
find_slot(const struct vocabulary *vocabulary, struct str text, size_t *steps)
{
    size_t mask = vocabulary->slot_count - 1;
    size_t at = hash_of(vocabulary, text) & mask;

    for (size_t i = 0; i < MIXING_CHAIN_MAX; i++) {
        uint32_t *slot = &vocabulary->slots[(at + i) & mask];
        *steps += 1;
        if (*slot == 0 || str_equal(vocabulary->texts[*slot], text)) {
            return slot;
        }
    }
    return NULL;
}

static bool
fill(struct vocabulary *vocabulary)
{
    memset(vocabulary->slots, 0, vocabulary->slot_count * sizeof *vocabulary->slots);
    for (size_t number = 1; number < vocabulary->count; number++) {
        uint32_t *slot = find_slot(vocabulary, vocabulary->texts[number], &vocabulary->steps);
        if (slot == NULL) {
            return false;
        }
        *slot = (uint32_t)number;
    }
    return true;
}

/* Fill the slots anew, under the next salt that will do. */
static enum err
salt_anew(struct vocabulary *vocabulary, struct fault *fault)
{
    while (vocabulary->salts < MIXING_SALTS_MAX) {
        vocabulary->salts++;
        vocabulary->salt = mixing_next(vocabulary->salt);
        if (fill(vocabulary)) {
            return ERR_OK;
        }
    }
    return FAIL(fault, ERR_LIMIT, "%zu strings collide under %d salts", vocabulary->count - 1,
                MIXING_SALTS_MAX);
}

static enum err
grow(struct vocabulary *vocabulary, struct fault *fault)
{
    size_t    capacity = 2 * vocabulary->capacity;
    uint32_t *slots = ARENA_NEW(vocabulary->arena, uint32_t, capacity * SLOTS_PER_TEXT);

    if (slots == NULL) {
        return FAIL(fault, ERR_MEMORY, "slots of %zu strings", capacity);
    }
    struct str *texts = arena_extend(vocabulary->arena, vocabulary->texts, vocabulary->capacity,
                                     capacity, sizeof *texts);
    if (texts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu strings", capacity);
    }
    vocabulary->texts = texts;
    vocabulary->capacity = capacity;
    vocabulary->slots = slots;
    vocabulary->slot_count = capacity * SLOTS_PER_TEXT;
    return fill(vocabulary) ? ERR_OK : salt_anew(vocabulary, fault);
}

enum err
vocabulary_create(struct arena *arena, uint64_t seed, struct vocabulary **out, struct fault *fault)
{
    struct vocabulary *made = ARENA_NEW(arena, struct vocabulary, 1);

    if (made == NULL) {
        return FAIL(fault, ERR_MEMORY, "vocabulary");
    }
    *made = (struct vocabulary){
        .arena = arena,
        .seed = seed,
        .texts = ARENA_NEW(arena, struct str, TEXTS_FIRST),
        .count = 1,
        .capacity = TEXTS_FIRST,
        .slots = ARENA_NEW(arena, uint32_t, (size_t)TEXTS_FIRST * SLOTS_PER_TEXT),
        .slot_count = (size_t)TEXTS_FIRST * SLOTS_PER_TEXT,
        .salt = mixing_next(seed),
    };
    if (made->texts == NULL || made->slots == NULL) {
        return FAIL(fault, ERR_MEMORY, "vocabulary");
    }
    *out = made;
    return ERR_OK;
}

enum err
vocabulary_add(struct vocabulary *vocabulary, struct str text, uint32_t *out, struct fault *fault)
{
    uint32_t *slot = find_slot(vocabulary, text, &vocabulary->steps);

    if (slot != NULL && *slot != 0) {
        *out = *slot;
        return ERR_OK;
    }
    if (vocabulary->count > VOCABULARY_TEXTS_MAX) {
        return FAIL(fault, ERR_LIMIT, "more than %d distinct strings", VOCABULARY_TEXTS_MAX);
    }
    if (vocabulary->count == vocabulary->capacity) {
        TRY(grow(vocabulary, fault));
        slot = find_slot(vocabulary, text, &vocabulary->steps);
    }
    struct str copy = str_copy(vocabulary->arena, text);
    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a string of %zu bytes", text.size);
    }
    uint32_t number = (uint32_t)vocabulary->count;
    vocabulary->texts[number] = copy;
    vocabulary->count++;
    if (slot == NULL) {
        TRY(salt_anew(vocabulary, fault));
    } else {
        *slot = number;
    }
    *out = number;
    return ERR_OK;
}

uint32_t
vocabulary_find(const struct vocabulary *vocabulary, struct str text)
{
    size_t          steps = 0;
    const uint32_t *slot = find_slot(vocabulary, text, &steps);

    return slot == NULL ? 0 : *slot;
}

struct str
vocabulary_text(const struct vocabulary *vocabulary, uint32_t number)
{
    ENSURE(number < vocabulary->count);
    return vocabulary->texts[number];
}
