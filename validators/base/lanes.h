#ifndef VALIDATORS_BASE_LANES_H
#define VALIDATORS_BASE_LANES_H

/*
 * Sixteen bytes at once, for the loops that look at every byte of a file. Whoever uses it gives the
 * same answers without SSE2 too, also wherever a build asks for them with LANES_PORTABLE.
 */
#if defined(__SSE2__) && !defined(LANES_PORTABLE)
#define LANES_SSE2 1

#include <emmintrin.h>
#include <string.h>

static inline __m128i
lanes_load(const char *bytes)
{
    __m128i lanes;

    memcpy(&lanes, bytes, sizeof lanes);
    return lanes;
}

/* Every bit of the bytes in first .. last. */
static inline __m128i
lanes_range(__m128i lanes, char first, char last)
{
    __m128i above = _mm_sub_epi8(lanes, _mm_set1_epi8(first));

    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(last - first))), above);
}
#else
#define LANES_SSE2 0
#endif

enum { LANES_SIZE = 16 };

#endif
