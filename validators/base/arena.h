#ifndef VALIDATORS_BASE_ARENA_H
#define VALIDATORS_BASE_ARENA_H

#include "validators/base/ensure.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Memory with one ceiling and one end.
 *
 * Everything that belongs to one task (a submission, the catalogue) lives in one arena and dies
 * with it; nobody frees a part. A full arena is an ordinary refusal (ERR_MEMORY), never a crash.
 * Foreign handles are tied to it with arena_defer and released in reverse order at its end.
 * Not thread-safe: an arena belongs to one task.
 */
struct arena;

/* A new arena that will hand out at most size_max bytes; aborts if the system has no memory. */
struct arena *arena_create(size_t size_max);

/* Run the deferred releases, newest first, then give everything back. Accepts NULL. */
void arena_destroy(struct arena *arena);

/* size zeroed bytes aligned to align (a power of two), or NULL when the ceiling is reached. */
MUST_USE void *arena_alloc(struct arena *arena, size_t size, size_t align);

/* count zeroed elements, or NULL (also when count * size overflows). */
MUST_USE void *arena_array(struct arena *arena, size_t count, size_t size, size_t align);

/*
 * Give an array obtained from this arena room for count_new elements; the old ones are kept, the
 * new ones zeroed. The result replaces array (NULL for the first time), which must not be used
 * again. Returns NULL when the ceiling is reached: array is then still valid. Large arrays move
 * without leaving their old copy behind.
 */
MUST_USE void *arena_extend(struct arena *arena, void *array, size_t count_old, size_t count_new,
                            size_t size);

/*
 * Room for one element more than count in a growing list: array itself, or a larger copy of it, as
 * arena_extend; *capacity follows. NULL when the ceiling is reached: both are then as they were.
 */
MUST_USE void *arena_reserve(struct arena *arena, void *array, size_t count, size_t *capacity,
                             size_t size);

/* Call release(object) when the arena ends. False when the ceiling is reached: release it yourself.
 */
MUST_USE bool arena_defer(struct arena *arena, void (*release)(void *), void *object);

size_t arena_used(const struct arena *arena);     /* bytes handed out now */
size_t arena_size_max(const struct arena *arena); /* the ceiling */

/*
 * For a program that makes and ends arenas all the time, once at its start: up to 32 MiB that
 * arenas have given back stay with it for the next ones. Getting pages from the system again, and
 * having them cleared, costs more than most tasks do.
 */
void arena_keep_memory(void);

#define ARENA_NEW(arena, type, count) \
    ((type *)arena_array((arena), (count), sizeof(type), alignof(type)))

#endif
