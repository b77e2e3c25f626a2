#ifndef VALIDATORS_SIGNATURE_PLAIN_BLOCK_H
#define VALIDATORS_SIGNATURE_PLAIN_BLOCK_H

#include "validators/base/str.h"

#include <string.h>

/* The same answers without SSE2, also wherever a build asks for them with PLAIN_BLOCK_PORTABLE. */
#if defined(__SSE2__) && !defined(PLAIN_BLOCK_PORTABLE)
#define PLAIN_BLOCK_SSE2 1
#include <emmintrin.h>
#else
#define PLAIN_BLOCK_SSE2 0
#endif

/*
 * Two questions about PLAIN_BLOCK_SIZE bytes at once: which of them end plain text, and which end a
 * plain name? Bit i of the answer is byte i. Both are stricter than XML: '=' ends text, because it
 * stands between '<' and '>', and names are of letters, digits, '-', '.', '_' and of whatever is
 * beyond ASCII, without ':'.
 */
enum { PLAIN_BLOCK_SIZE = 16 };

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

#if PLAIN_BLOCK_SSE2
static inline __m128i
plain_block_load(const char *bytes)
{
    __m128i block;

    memcpy(&block, bytes, sizeof block);
    return block;
}

/* Every bit of the bytes in first .. last. */
static inline __m128i
plain_block_range(__m128i block, char first, char last)
{
    __m128i above = _mm_sub_epi8(block, _mm_set1_epi8(first));

    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(last - first))), above);
}

static inline unsigned
plain_block_text(const char *bytes)
{
    __m128i block = plain_block_load(bytes);
    __m128i marks = plain_block_range(block, '<', '>');
    __m128i ampersands = _mm_cmpeq_epi8(block, _mm_set1_epi8('&'));
    __m128i returns = _mm_cmpeq_epi8(block, _mm_set1_epi8('\r'));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(marks, ampersands), returns));
}

static inline unsigned
plain_block_name(const char *bytes)
{
    __m128i block = plain_block_load(bytes);
    __m128i letters = plain_block_range(_mm_or_si128(block, _mm_set1_epi8(0x20)), 'a', 'z');
    __m128i digits = plain_block_range(block, '0', '9');
    __m128i dashes = plain_block_range(block, '-', '.');
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
