#include "validators/base/arena.h"

#include <malloc.h>
#include <stdint.h>
#include <string.h>

enum {
    BLOCK_SIZE = 32 * 1024,
    CAPACITY_FIRST = 8,
    OWN_BLOCK_MIN = 16 * 1024, /* from here on an allocation gets a block that can be moved */
    ALIGN_MAX = alignof(max_align_t),
    KEPT_MAX = 32 * 1024 * 1024,
    KEPT_BLOCK_MAX = 4 * 1024 * 1024, /* larger ones come from the system and go back at once */
    KEPT_ROOM = 1024 * 1024,          /* asked for at a time */
};

struct block {
    struct block *previous;
    struct block *next;
    size_t        size; /* of data */
    size_t        used;
    alignas(max_align_t) unsigned char data[];
};

struct deferred {
    struct deferred *previous;
    void (*release)(void *);
    void *object;
};

struct arena {
    size_t           size_max;
    size_t           used;    /* counts every byte handed out, padding and old copies included */
    struct block    *current; /* small allocations are cut from here */
    struct block    *blocks;  /* all of them, newest first */
    struct deferred *deferred;
};

struct arena *
arena_create(size_t size_max)
{
    struct arena *arena = calloc(1, sizeof *arena);

    ENSURE(arena != NULL);
    arena->size_max = size_max;
    return arena;
}

void
arena_destroy(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (struct deferred *it = arena->deferred; it != NULL; it = it->previous) {
        it->release(it->object);
    }
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *previous = block->previous;
        free(block);
        block = previous;
    }
    free(arena);
}

/* The new block, made by malloc or calloc, becomes the newest. */
static struct block *
block_add(struct arena *arena, struct block *block, size_t size)
{
    if (block == NULL) {
        return NULL;
    }
    block->previous = arena->blocks;
    block->next = NULL;
    block->size = size;
    block->used = 0;
    if (arena->blocks != NULL) {
        arena->blocks->next = block;
    }
    arena->blocks = block;
    return block;
}

static void *
take_own_block(struct arena *arena, size_t size)
{
    /* calloc knows which pages come from the system as zeroes and need not be written. */
    struct block *block = block_add(arena, calloc(1, sizeof *block + size), size);

    if (block == NULL) {
        return NULL;
    }
    block->used = size;
    arena->used += size;
    return block->data;
}

static void *
take_small(struct arena *arena, size_t size, size_t align)
{
    struct block *block = arena->current;
    size_t        at = block == NULL ? 0 : (block->used + align - 1) & ~(align - 1);

    if (block == NULL || at + size > block->size) {
        block = block_add(arena, malloc(sizeof *block + BLOCK_SIZE), BLOCK_SIZE);
        if (block == NULL) {
            return NULL;
        }
        arena->current = block;
        at = 0;
    }
    size_t taken = at - block->used + size;
    if (taken > arena->size_max - arena->used) {
        return NULL; /* the padding does not fit any more */
    }
    arena->used += taken;
    block->used = at + size;
    return memset(block->data + at, 0, size);
}

void *
arena_alloc(struct arena *arena, size_t size, size_t align)
{
    ENSURE(align > 0 && (align & (align - 1)) == 0 && align <= ALIGN_MAX);
    if (size > arena->size_max || arena->used > arena->size_max - size) {
        return NULL;
    }
    if (size >= OWN_BLOCK_MIN) {
        return take_own_block(arena, size);
    }
    return take_small(arena, size, align);
}

void *
arena_array(struct arena *arena, size_t count, size_t size, size_t align)
{
    size_t total = 0;

    if (__builtin_mul_overflow(count, size, &total)) {
        return NULL;
    }
    return arena_alloc(arena, total, align);
}

static void *
move_own_block(struct arena *arena, void *array, size_t total_old, size_t total_new)
{
    struct block *block = (struct block *)((unsigned char *)array - offsetof(struct block, data));

    ENSURE(block->size == total_old);
    if (arena->used - total_old > arena->size_max - total_new) {
        return NULL;
    }
    struct block *moved = realloc(block, sizeof *block + total_new);
    if (moved == NULL) {
        return NULL;
    }
    if (moved->next != NULL) {
        moved->next->previous = moved;
    } else {
        arena->blocks = moved;
    }
    if (moved->previous != NULL) {
        moved->previous->next = moved;
    }
    memset(moved->data + total_old, 0, total_new - total_old);
    moved->size = total_new;
    moved->used = total_new;
    arena->used += total_new - total_old;
    return moved->data;
}

void *
arena_extend(struct arena *arena, void *array, size_t count_old, size_t count_new, size_t size)
{
    size_t total_new = 0;
    size_t total_old = count_old * size;

    ENSURE(count_new >= count_old && size > 0);
    if (__builtin_mul_overflow(count_new, size, &total_new) || total_new > arena->size_max) {
        return NULL;
    }
    if (array != NULL && total_old >= OWN_BLOCK_MIN) {
        return move_own_block(arena, array, total_old, total_new);
    }
    void *moved = arena_alloc(arena, total_new, ALIGN_MAX);
    if (moved != NULL && array != NULL && total_old > 0) {
        memcpy(moved, array, total_old);
    }
    return moved;
}

void *
arena_reserve(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    ENSURE(count <= *capacity);
    if (count < *capacity) {
        return array;
    }
    size_t wanted = *capacity == 0 ? CAPACITY_FIRST : 2 * *capacity;
    void  *larger = arena_extend(arena, array, *capacity, wanted, size);
    if (larger != NULL) {
        *capacity = wanted;
    }
    return larger;
}

bool
arena_defer(struct arena *arena, void (*release)(void *), void *object)
{
    struct deferred *deferred = ARENA_NEW(arena, struct deferred, 1);

    if (deferred == NULL) {
        return false;
    }
    *deferred =
        (struct deferred){.previous = arena->deferred, .release = release, .object = object};
    arena->deferred = deferred;
    return true;
}

size_t
arena_used(const struct arena *arena)
{
    return arena->used;
}

size_t
arena_size_max(const struct arena *arena)
{
    return arena->size_max;
}

void
arena_keep_memory(void)
{
    /* Wishes: the allocator of a sanitizer knows none of them. */
    /* NOLINTBEGIN(concurrency-mt-unsafe): a program that starts has one thread. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK_MAX);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_MAX);
    (void)mallopt(M_TOP_PAD, KEPT_ROOM);
    /* NOLINTEND(concurrency-mt-unsafe) */
}
