#ifndef VALIDATORS_SIGNATURE_PLAIN_BLOCK_H
#define VALIDATORS_SIGNATURE_PLAIN_BLOCK_H

#include "validators/base/lanes.h"
#include "validators/base/str.h"

/*
 * Two questions about PLAIN_BLOCK_SIZE bytes at once: which of them end plain text, and which end a
 * plain name? Bit i of the answer is byte i. Both are stricter than XML: '=' ends text, because it
 * stands between '<' and '>', and names are of letters, digits, '-', '.', '_' and of whatever is
 * beyond ASCII, without ':'.
 */
enum { PLAIN_BLOCK_SIZE = LANES_SIZE };

static inline bool
plain_block_ends_text(char byte)
{
    return (byte >= '<' && byte <= '>') || byte == '&' || byte == '\r';
}

static inline bool
plain_block_ends_name(char byte)
{
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    bool digit = byte >= '0' && byte <= '9';

    return !letter && !digit && byte != '-' && byte != '.' && byte != '_'
           && (unsigned char)byte < 0x80;
}

#if LANES_SSE2
static inline unsigned
plain_block_text(const char *bytes)
{
    __m128i block = lanes_load(bytes);
    __m128i marks = lanes_range(block, '<', '>');
    __m128i ampersands = _mm_cmpeq_epi8(block, _mm_set1_epi8('&'));
    __m128i returns = _mm_cmpeq_epi8(block, _mm_set1_epi8('\r'));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(marks, ampersands), returns));
}

static inline unsigned
plain_block_name(const char *bytes)
{
    __m128i block = lanes_load(bytes);
    __m128i letters = lanes_range(_mm_or_si128(block, _mm_set1_epi8(0x20)), 'a', 'z');
    __m128i digits = lanes_range(block, '0', '9');
    __m128i dashes = lanes_range(block, '-', '.');
    __m128i lines = _mm_cmpeq_epi8(block, _mm_set1_epi8('_'));
    __m128i allowed = _mm_or_si128(_mm_or_si128(letters, digits), _mm_or_si128(dashes, lines));

    /* A byte beyond ASCII has its top bit set already. */
    return ~(unsigned)_mm_movemask_epi8(_mm_or_si128(allowed, block)) & 0xFFFFU;
}
#else
static inline unsigned
plain_block_text(const char *bytes)
{
    unsigned found = 0;

    for (unsigned i = 0; i < PLAIN_BLOCK_SIZE; i++) {
        found |= (plain_block_ends_text(bytes[i]) ? 1U : 0U) << i;
    }
    return found;
}

static inline unsigned
plain_block_name(const char *bytes)
{
    unsigned found = 0;

    for (unsigned i = 0; i < PLAIN_BLOCK_SIZE; i++) {
        found |= (plain_block_ends_name(bytes[i]) ? 1U : 0U) << i;
    }
    return found;
}
#endif

#endif
