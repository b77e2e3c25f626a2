#include "validators/relation/keyring.h"

#include "validators/relation/mixing.h"
#include "validators/relation/packing.h"

#include <string.h>

enum {
    SLOTS_FIRST = 4096,
    SLOTS_PER_KEY = 2,
    ARRAY_PER_ROW = 4, /* words that an array of numbers may have, for each row */
    ARRAY_MIN = 65536,
    AHEAD = 24, /* rows whose slots are asked for before they are needed */
};

/* word: of the key. number: one more than its number; 0: free. */
struct slot {
    uint64_t word;
    uint32_t number;
};

struct keyring {
    struct arena         *arena;
    struct packing        packing;
    size_t                count;
    size_t                capacity; /* of firsts */
    struct keyring_first *firsts;
    uint32_t             *array; /* by word, one more than the number; NULL: the slots are used */
    struct slot          *slots;
    size_t                slot_count; /* a power of two */
    unsigned              shift;      /* of a hash, which leaves a number of a slot */
    uint64_t              salt;
    size_t                salts; /* taken so far */
    uint64_t              steps;
    uint64_t              words[PACKING_CHUNK];
    uint8_t               holes[PACKING_CHUNK];
    bool                  holed; /* holes are those of the chunk */
};

/* By the highest bits: slots keep the order of hashes, so that a larger table is filled from its
 * predecessor from front to back, as memory likes it. */
static size_t
home_of(const struct keyring *ring, uint64_t word)
{
    return mixing_word(ring->salt, word, ring->salt) >> ring->shift;
}

/* The slot of a key, or the free one where it belongs; NULL: its chain is too long. */
static struct slot *
find_slot(struct keyring *ring, uint64_t word, struct keyring_first key)
{
    size_t mask = ring->slot_count - 1;
    size_t at = home_of(ring, word);

    for (size_t i = 0; i < MIXING_CHAIN_MAX; i++) {
        struct slot *slot = &ring->slots[(at + i) & mask];
        ring->steps++;
        if (slot->number == 0) {
            return slot;
        }
        if (slot->word == word
            && (!ring->packing.loose
                || packing_same(&ring->packing, ring->firsts[slot->number - 1], key))) {
            return slot;
        }
    }
    return NULL;
}

static uint64_t
word_of(const struct keyring *ring, size_t number)
{
    uint64_t             word = 0;
    struct keyring_first first = ring->firsts[number];

    packing_words(&ring->packing, first.side, first.row, 1, ring->salt, &word);
    return word;
}

/* Put a key that is not there yet into its slot; false: its chain is too long. */
static bool
place(struct keyring *ring, uint64_t word, uint32_t number)
{
    size_t mask = ring->slot_count - 1;
    size_t at = home_of(ring, word);

    for (size_t i = 0; i < MIXING_CHAIN_MAX; i++) {
        struct slot *slot = &ring->slots[(at + i) & mask];
        ring->steps++;
        if (slot->number == 0) {
            *slot = (struct slot){word, number};
            return true;
        }
    }
    return false;
}

/* Put all keys into the slots, which are free. */
static bool
fill(struct keyring *ring)
{
    bool placed = true;

    for (size_t number = 0; placed && number < ring->count; number++) {
        placed = place(ring, word_of(ring, number), (uint32_t)number + 1);
    }
    return placed;
}

/* The same from smaller slots: the salt and so the words are what they were. */
static bool
refill(struct keyring *ring, const struct slot *slots, size_t count)
{
    bool placed = true;

    for (size_t i = 0; placed && i < count; i++) {
        placed = slots[i].number == 0 || place(ring, slots[i].word, slots[i].number);
    }
    return placed;
}

static enum err
salt_anew(struct keyring *ring, struct fault *fault)
{
    while (ring->salts < MIXING_SALTS_MAX) {
        ring->salt = mixing_next(ring->salt);
        ring->salts++;
        memset(ring->slots, 0, ring->slot_count * sizeof *ring->slots);
        if (fill(ring)) {
            return ERR_OK;
        }
    }
    return FAIL(fault, ERR_LIMIT, "%zu keys collide under %d salts", ring->count, MIXING_SALTS_MAX);
}

static enum err
grow_slots(struct keyring *ring, size_t count, struct fault *fault)
{
    const struct slot *before = ring->slots;
    size_t             before_count = ring->slot_count;
    struct slot       *slots = ARENA_NEW(ring->arena, struct slot, count);

    if (slots == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu slots", count);
    }
    ring->slots = slots;
    ring->slot_count = count;
    ring->shift = (unsigned)__builtin_clzll(count) + 1;
    return refill(ring, before, before_count) ? ERR_OK : salt_anew(ring, fault);
}

/* Room for a chunk of new keys. */
static enum err
reserve(struct keyring *ring, struct fault *fault)
{
    size_t wanted = ring->count + PACKING_CHUNK;
    size_t capacity = ring->capacity == 0 ? SLOTS_FIRST / SLOTS_PER_KEY : 2 * ring->capacity;

    if (wanted <= ring->capacity) {
        return ERR_OK;
    }
    struct keyring_first *firsts =
        arena_extend(ring->arena, ring->firsts, ring->capacity, capacity, sizeof *firsts);
    if (firsts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu keys", capacity);
    }
    ring->firsts = firsts;
    ring->capacity = capacity;
    return ring->array == NULL ? grow_slots(ring, capacity * SLOTS_PER_KEY, fault) : ERR_OK;
}

static size_t
rows_of(const struct keyring_side *sides, size_t side_count)
{
    size_t rows = 0;

    for (size_t i = 0; i < side_count; i++) {
        rows += sides[i].relation->row_count;
    }
    return rows;
}

enum err
keyring_create(struct arena *arena, const struct keyring_side *sides, size_t side_count,
               size_t key_count, struct keyring **out, struct fault *fault)
{
    struct keyring *ring = ARENA_NEW(arena, struct keyring, 1);

    ENSURE(side_count > 0);
    if (ring == NULL) {
        return FAIL(fault, ERR_MEMORY, "a keyring");
    }
    ring->arena = arena;
    ring->packing = packing_plan(sides, side_count, key_count);
    ring->salt = mixing_next(sides[0].relation->vocabulary->seed);
    size_t few = ARRAY_MIN + ARRAY_PER_ROW * rows_of(sides, side_count);
    if (!ring->packing.loose && ring->packing.bits < 32 && (size_t)1 << ring->packing.bits <= few) {
        ring->array = ARENA_NEW(arena, uint32_t, (size_t)1 << ring->packing.bits);
        if (ring->array == NULL) {
            return FAIL(fault, ERR_MEMORY, "an array of keys");
        }
    }
    *out = ring;
    return ERR_OK;
}

/* Read the chunk's words into the ring. */
static void
read_chunk(struct keyring *ring, size_t side, size_t from, size_t count)
{
    ring->holed = packing_holes(&ring->packing, side, from, count, ring->holes);
    packing_words(&ring->packing, side, from, count, ring->salt, ring->words);
}

static void
add_by_array(struct keyring *ring, size_t side, size_t from, size_t count, uint32_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        if (ring->holed && ring->holes[i] != 0) {
            numbers[i] = RELATION_NOWHERE;
            continue;
        }
        uint32_t *number = &ring->array[ring->words[i]];
        if (*number == 0) {
            ring->firsts[ring->count] =
                (struct keyring_first){(uint32_t)(from + i), (uint32_t)side};
            *number = (uint32_t)++ring->count;
        }
        numbers[i] = *number - 1;
    }
}

/* How many rows are done: all, or those before one whose chain is too long. */
static size_t
add_by_slots(struct keyring *ring, size_t side, size_t from, size_t count, uint32_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        struct keyring_first key = {(uint32_t)(from + i), (uint32_t)side};
        if (i + AHEAD < count) {
            __builtin_prefetch(&ring->slots[home_of(ring, ring->words[i + AHEAD])]);
        }
        if (ring->holed && ring->holes[i] != 0) {
            numbers[i] = RELATION_NOWHERE;
            continue;
        }
        struct slot *slot = find_slot(ring, ring->words[i], key);
        if (slot == NULL) {
            return i;
        }
        if (slot->number == 0) {
            ring->firsts[ring->count++] = key;
            *slot = (struct slot){ring->words[i], (uint32_t)ring->count};
        }
        numbers[i] = slot->number - 1;
    }
    return count;
}

enum err
keyring_add(struct keyring *ring, size_t side, uint32_t *numbers, struct fault *fault)
{
    size_t rows = ring->packing.sides[side].relation->row_count;

    for (size_t from = 0; from < rows;) {
        size_t count = rows - from < PACKING_CHUNK ? rows - from : PACKING_CHUNK;
        size_t done = count;
        TRY(reserve(ring, fault));
        read_chunk(ring, side, from, count);
        if (ring->array != NULL) {
            add_by_array(ring, side, from, count, numbers + from);
        } else {
            done = add_by_slots(ring, side, from, count, numbers + from);
        }
        if (done < count) {
            TRY(salt_anew(ring, fault));
        }
        from += done;
    }
    return ERR_OK;
}

static uint32_t
find_one(struct keyring *ring, uint64_t word, struct keyring_first key)
{
    if (ring->array != NULL) {
        return ring->array[word] == 0 ? RELATION_NOWHERE : ring->array[word] - 1;
    }
    const struct slot *slot = ring->slot_count == 0 ? NULL : find_slot(ring, word, key);
    return slot == NULL || slot->number == 0 ? RELATION_NOWHERE : slot->number - 1;
}

void
keyring_find(struct keyring *ring, size_t side, uint32_t *numbers)
{
    size_t rows = ring->packing.sides[side].relation->row_count;

    for (size_t from = 0; from < rows; from += PACKING_CHUNK) {
        size_t count = rows - from < PACKING_CHUNK ? rows - from : PACKING_CHUNK;
        read_chunk(ring, side, from, count);
        for (size_t i = 0; i < count; i++) {
            struct keyring_first key = {(uint32_t)(from + i), (uint32_t)side};
            if (i + AHEAD < count && ring->slot_count > 0) {
                __builtin_prefetch(&ring->slots[home_of(ring, ring->words[i + AHEAD])]);
            }
            numbers[from + i] = ring->holed && ring->holes[i] != 0
                                    ? RELATION_NOWHERE
                                    : find_one(ring, ring->words[i], key);
        }
    }
}

size_t
keyring_count(const struct keyring *ring)
{
    return ring->count;
}

const struct keyring_first *
keyring_firsts(const struct keyring *ring)
{
    return ring->firsts;
}

uint64_t
keyring_steps(const struct keyring *ring)
{
    return ring->steps;
}
