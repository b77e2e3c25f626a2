#include "gateway/submission/set_turn.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/setbook/rework.h"

#define TURN_MEMORY ((size_t)512 << 20U)

bool
set_turn_take(struct bench *bench)
{
    const struct setbook_tools tools = bench_setbook(bench);
    struct arena              *arena = arena_create(TURN_MEMORY);
    struct fault               fault = {0};
    enum rework_end            end = REWORK_NOTHING;
    enum err                   got = rework_run(&tools, arena, &end, &fault);

    arena_destroy(arena);
    if (got != ERR_OK) {
        metrics_add(METRIC_STORE_FAILURES, 1);
        log_failure("set.failed", &fault);
    }
    return got == ERR_OK && end == REWORK_DONE;
}
