#include "gateway/front/access_cache.h"

#include <string.h>

enum { ROWS = 256, ROW_SIZE = 8, MICROSECONDS = 1000000 };

struct entry {
    unsigned char     key[ACCESS_CACHE_KEY_SIZE];
    int64_t           until; /* 0: empty */
    enum access_fault fault;
    struct access     access;
    instant           clock_offset;
};

struct access_cache {
    struct entry rows[ROWS][ROW_SIZE];
};

struct access_cache *
access_cache_create(struct arena *arena)
{
    return ARENA_NEW(arena, struct access_cache, 1);
}

bool
access_cache_find(const struct access_cache *cache, const unsigned char *key, int64_t now,
                  struct reply *out)
{
    const struct entry *row = cache->rows[key[0]];

    for (size_t i = 0; i < ROW_SIZE; i++) {
        if (row[i].until > now && memcmp(row[i].key, key, ACCESS_CACHE_KEY_SIZE) == 0) {
            *out = (struct reply){.access_fault = row[i].fault,
                                  .access = row[i].access,
                                  .clock_offset = row[i].clock_offset};
            return true;
        }
    }
    return false;
}

void
access_cache_keep(struct access_cache *cache, const unsigned char *key, int64_t now,
                  const struct reply *who)
{
    struct entry *row = cache->rows[key[0]];
    struct entry *place = &row[0];

    for (size_t i = 0; i < ROW_SIZE; i++) {
        if (memcmp(row[i].key, key, ACCESS_CACHE_KEY_SIZE) == 0) {
            place = &row[i];
            break;
        }
        if (row[i].until < place->until) {
            place = &row[i];
        }
    }
    *place = (struct entry){.until = now + (int64_t)ACCESS_CACHE_SECONDS * MICROSECONDS,
                            .fault = who->access_fault,
                            .access = who->access,
                            .clock_offset = who->clock_offset};
    place->access.name = (struct str){0}; /* lives in the message */
    place->access.regon = (struct str){0};
    memcpy(place->key, key, ACCESS_CACHE_KEY_SIZE);
}
