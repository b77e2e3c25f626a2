#include "validators/prescan/names.h"

#include <string.h>

enum { SLOTS_PER_NAME = 4, WORD = 8, HALF = 4 };

__extension__ typedef unsigned __int128 wide;

static uint64_t
load_word(const char *bytes)
{
    uint64_t word = 0;

    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint64_t
load_half(const char *bytes)
{
    uint32_t half = 0;

    memcpy(&half, bytes, sizeof half);
    return half;
}

/* Multiply and fold: every bit of both halves reaches every bit of the result. */
static uint64_t
mix(uint64_t a, uint64_t b)
{
    wide product = (wide)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xD6E8FEB86659FD93));

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Reads only bytes of the name; short ones by loads that overlap instead of a loop. */
static uint64_t
hash_of(const char *name, size_t size)
{
    uint64_t hash = size;

    if (size < HALF) {
        uint64_t first = (unsigned char)name[0];
        uint64_t middle = (unsigned char)name[size / 2];
        uint64_t last = (unsigned char)name[size - 1];
        return mix(hash, first | middle << 8 | last << 16);
    }
    if (size < WORD) {
        return mix(hash, load_half(name) | load_half(name + size - HALF) << 32);
    }
    for (size_t at = 0; at + WORD < size; at += WORD) {
        hash = mix(hash, load_word(name + at));
    }
    return mix(hash, load_word(name + size - WORD));
}

static bool
same_name(const char *a, const char *b, size_t size)
{
    if (size < HALF) {
        return a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1];
    }
    if (size < WORD) {
        return load_half(a) == load_half(b)
               && load_half(a + size - HALF) == load_half(b + size - HALF);
    }
    for (size_t at = 0; at + WORD < size; at += WORD) {
        if (load_word(a + at) != load_word(b + at)) {
            return false;
        }
    }
    return load_word(a + size - WORD) == load_word(b + size - WORD);
}

bool
names_create(struct arena *arena, const char *data, size_t count_max, struct names *out)
{
    size_t slots = 64;

    while (slots < count_max * SLOTS_PER_NAME) {
        slots *= 2;
    }
    struct names_slot *table = ARENA_NEW(arena, struct names_slot, slots);
    if (table == NULL) {
        return false;
    }
    *out = (struct names){.data = data, .slots = table, .mask = slots - 1, .count_max = count_max};
    return true;
}

bool
names_note(struct names *names, size_t from, size_t size)
{
    const char *name = names->data + from;
    uint64_t    hash = hash_of(name, size);
    uint32_t    tag = (uint32_t)(hash >> 32) | 1U;

    for (size_t i = 0; i < NAMES_PROBES; i++) {
        struct names_slot *slot = &names->slots[(hash + i) & names->mask];
        if (slot->tag == tag && slot->size == size
            && same_name(names->data + slot->offset, name, size)) {
            return true;
        }
        if (slot->tag == 0) {
            if (names->count == names->count_max) {
                return false;
            }
            *slot =
                (struct names_slot){.tag = tag, .offset = (uint32_t)from, .size = (uint32_t)size};
            names->count++;
            return true;
        }
    }
    return false;
}
