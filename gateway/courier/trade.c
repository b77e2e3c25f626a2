#include "gateway/courier/trade.h"

#include <sys/random.h>

#define CARGO_MEMORY ((size_t)4 * 1024 * 1024)

enum { JITTER_PART = 5 };

struct cargo *
trade_cargo(void)
{
    struct arena *arena = arena_create(CARGO_MEMORY);
    struct cargo *cargo = ARENA_NEW(arena, struct cargo, 1);

    if (cargo == NULL) {
        arena_destroy(arena);
        return NULL;
    }
    cargo->arena = arena;
    return cargo;
}

void
trade_forget(struct cargo *cargo)
{
    arena_destroy(cargo->arena);
}

int64_t
trade_jitter(int64_t pause_ms)
{
    uint32_t dice = 0;
    int64_t  width = pause_ms / JITTER_PART;

    if (getrandom(&dice, sizeof dice, 0) != (ssize_t)sizeof dice || width == 0) {
        return pause_ms; /* without luck still right */
    }
    return pause_ms - width / 2 + (int64_t)dice % (width + 1);
}
