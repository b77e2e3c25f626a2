#ifndef GATEWAY_FRONT_ACCESS_CACHE_H
#define GATEWAY_FRONT_ACCESS_CACHE_H

#include "gateway/wire/question.h"

/*
 * What readers said of credentials, kept for at most ACCESS_CACHE_SECONDS, so that a credential
 * that was revoked stops to work within that time. Bounded: a new answer replaces the oldest of its
 * row. Refusals are kept too. The key is a digest of what was shown, so nothing secret lives here.
 */
enum { ACCESS_CACHE_SECONDS = 10, ACCESS_CACHE_KEY_SIZE = 32 };

struct access_cache;

/* NULL when arena is full. */
struct access_cache *access_cache_create(struct arena *arena);

/* What is known at a time (in microseconds of a clock that never goes back); names are left out. */
MUST_USE bool access_cache_find(const struct access_cache *cache, const unsigned char *key,
                                int64_t now, struct reply *out);

void access_cache_keep(struct access_cache *cache, const unsigned char *key, int64_t now,
                       const struct reply *who);

#endif
