#include "gateway/courier/trade.h"

#include <sys/random.h>

#define CARGO_MEMORY ((size_t)4 * 1024 * 1024)

enum { JITTER_PART = 5 };

/* A cargo with an arena of its own; NULL: no memory. */
static struct cargo *
new_cargo(void)
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

enum err
trade_carry(struct trade_tools *tools, struct cargo *cargo, const struct carrier_request *request,
            struct fault *fault)
{
    TRY(carrier_begin(tools->carrier, cargo->arena, request, cargo, fault));
    cargo->runs = true;
    return ERR_OK;
}

enum err
trade_send(struct trade_tools *tools, const struct trade_claim *claim, struct fault *fault)
{
    const char *rows = claim->rows;

    for (size_t i = 0; i < claim->count; i++) {
        struct cargo *cargo = new_cargo();
        if (cargo == NULL) {
            return FAIL(fault, ERR_MEMORY, "an exchange");
        }
        enum err got = claim->send(tools, cargo, rows + i * claim->row_size, fault);
        if (!cargo->runs) {
            trade_forget(cargo);
        }
        TRY(got);
    }
    return ERR_OK;
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
