#include "validators/prescan/characters.h"

#include <string.h>

enum {
    WORD = 8,
    BLOCK = 4 * WORD,
    SEQUENCE_MAX = 4,
    SPACE = 0x20,
    ASCII_END = 0x80,
    LEAD_MIN = 0xC0,
    LEAD_MAX = 0xF7,
};

#define EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t
load(const char *bytes)
{
    uint64_t word = 0;

    memcpy(&word, bytes, sizeof word);
    return word;
}

/*
 * A set top bit for bytes from 0x80 and, by the subtraction, for bytes below 0x20. A borrow can
 * only come from a byte that is below 0x20 itself, so zero means that every byte is printable
 * ASCII.
 */
static uint64_t
suspects(uint64_t word)
{
    return (word | (word - EVERY_BYTE(SPACE))) & EVERY_BYTE(ASCII_END);
}

static bool
plain_word(const char *bytes)
{
    return suspects(load(bytes)) == 0;
}

static bool
plain_block(const char *bytes)
{
    uint64_t found = suspects(load(bytes)) | suspects(load(bytes + WORD))
                     | suspects(load(bytes + 2 * (size_t)WORD))
                     | suspects(load(bytes + 3 * (size_t)WORD));

    return found == 0;
}

/* Bytes that a sequence with this lead byte has; 0 for a byte that leads none. */
static size_t
sequence_size(unsigned char lead)
{
    if (lead < ASCII_END) {
        return 1;
    }
    if (lead < LEAD_MIN || lead > LEAD_MAX) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : SEQUENCE_MAX;
}

bool
characters_allowed(uint32_t point)
{
    if (point < SPACE) {
        return point == '\t' || point == '\n' || point == '\r';
    }
    return point <= 0xD7FF || (point >= 0xE000 && point <= 0xFFFD)
           || (point >= 0x10000 && point <= 0x10FFFF);
}

/* Why a complete sequence of this size does not stand for a Char; 0 if it does. */
static enum prescan_code
judge(uint32_t point, size_t size)
{
    static const uint32_t smallest[SEQUENCE_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000};

    if (point < smallest[size]) {
        return PRESCAN_OVERLONG;
    }
    if (characters_allowed(point)) {
        return PRESCAN_CLEAN;
    }
    if (point < SPACE) {
        return point == 0 ? PRESCAN_NUL : PRESCAN_CONTROL;
    }
    if (point > 0x10FFFF) {
        return PRESCAN_BEYOND_UNICODE;
    }
    return point >= 0xFFFE ? PRESCAN_NONCHARACTER : PRESCAN_SURROGATE;
}

static size_t
refuse(struct refusal *out, enum prescan_code code, size_t offset, uint32_t value)
{
    *out = (struct refusal){.code = code, .offset = offset, .value = value};
    return 0;
}

/* The size of the character at offset, or 0 and a refusal. */
static size_t
take_character(struct str bytes, size_t offset, struct refusal *out)
{
    const unsigned char *at = (const unsigned char *)bytes.data + offset;
    size_t               size = sequence_size(at[0]);

    if (size == 0) {
        return refuse(out, PRESCAN_STRAY_BYTE, offset, at[0]);
    }
    uint32_t point = size == 1 ? at[0] : at[0] & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if (i >= bytes.size - offset || (at[i] & 0xC0U) != 0x80U) {
            return refuse(out, PRESCAN_CUT_SEQUENCE, offset, at[0]);
        }
        point = point << 6 | (at[i] & 0x3FU);
    }
    enum prescan_code code = judge(point, size);
    return code == PRESCAN_CLEAN ? size : refuse(out, code, offset, point);
}

size_t
characters_check(struct str bytes, struct refusal *out)
{
    size_t at = 0;

    while (at < bytes.size) {
        while (bytes.size - at >= BLOCK && plain_block(bytes.data + at)) {
            at += BLOCK;
        }
        size_t stop = bytes.size - at < BLOCK ? bytes.size : at + BLOCK;
        while (at < stop) {
            bool   plain = bytes.size - at >= WORD && plain_word(bytes.data + at);
            size_t size = plain ? WORD : take_character(bytes, at, out);
            if (size == 0) {
                return at;
            }
            at += size;
        }
    }
    return at;
}
