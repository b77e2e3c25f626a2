#ifndef VALIDATORS_PRESCAN_BLOCK_H
#define VALIDATORS_PRESCAN_BLOCK_H

#include "validators/base/lanes.h"
#include "validators/base/str.h"

enum { BLOCK_SIZE = LANES_SIZE };

/* Of names: all that XML 1.0 allows in ASCII and, unjudged, everything beyond ASCII. */
static inline bool
block_is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= ':') || byte == '-' || byte == '.' || byte == '_'
           || (unsigned char)byte >= 0x80;
}

/*
 * Two questions about BLOCK_SIZE bytes at once: which of them cannot stand in a name, and which are
 * "<", "&" or a third byte? Bit i of the answer is byte i.
 */
#if LANES_SSE2
static inline unsigned
block_no_name(const char *bytes)
{
    __m128i block = lanes_load(bytes);
    __m128i letters = lanes_range(_mm_or_si128(block, _mm_set1_epi8(0x20)), 'a', 'z');
    __m128i digits = lanes_range(block, '0', ':');
    __m128i dashes = lanes_range(block, '-', '.');
    __m128i lines = _mm_cmpeq_epi8(block, _mm_set1_epi8('_'));
    __m128i allowed = _mm_or_si128(_mm_or_si128(letters, digits), _mm_or_si128(dashes, lines));

    /* A byte beyond ASCII has its top bit set already. */
    return ~(unsigned)_mm_movemask_epi8(_mm_or_si128(allowed, block)) & 0xFFFFU;
}

static inline unsigned
block_specials(const char *bytes, char third)
{
    __m128i block = lanes_load(bytes);
    __m128i less = _mm_cmpeq_epi8(block, _mm_set1_epi8('<'));
    __m128i ampersand = _mm_cmpeq_epi8(block, _mm_set1_epi8('&'));
    __m128i other = _mm_cmpeq_epi8(block, _mm_set1_epi8(third));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(less, ampersand), other));
}
#else
static inline unsigned
block_no_name(const char *bytes)
{
    unsigned found = 0;

    for (unsigned i = 0; i < BLOCK_SIZE; i++) {
        found |= (block_is_name_byte(bytes[i]) ? 0U : 1U) << i;
    }
    return found;
}

static inline unsigned
block_specials(const char *bytes, char third)
{
    unsigned found = 0;

    for (unsigned i = 0; i < BLOCK_SIZE; i++) {
        bool special = bytes[i] == '<' || bytes[i] == '&' || bytes[i] == third;
        found |= (special ? 1U : 0U) << i;
    }
    return found;
}
#endif

#endif
