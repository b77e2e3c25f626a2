#include "gateway/submission/set_turn.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/setbook/rework.h"

#define TURN_MEMORY ((size_t)512 << 20U)

static void
tell(enum err got, const struct fault *fault)
{
    if (got != ERR_OK) {
        metrics_add(METRIC_STORE_FAILURES, 1);
        log_failure("set.failed", fault);
    }
}

/* What fails is asked again in a while, and keeps nobody from the rows that there are. */
static bool
ask(struct bench *bench, const struct setbook_tools *tools, struct arena *arena)
{
    struct fault fault = {0};

    if (!bench->sets.more) {
        return false;
    }
    enum err got = rework_slice(tools, arena, &bench->sets, &fault);
    tell(got, &fault);
    return got == ERR_OK && bench->sets.more;
}

bool
set_turn_take(struct bench *bench)
{
    const struct setbook_tools tools = bench_setbook(bench);
    struct arena              *arena = arena_create(TURN_MEMORY);
    struct fault               fault = {0};
    enum rework_end            end = REWORK_NOTHING;
    bool                       more = ask(bench, &tools, arena);
    enum err                   got = rework_run(&tools, arena, &end, &fault);

    arena_destroy(arena);
    tell(got, &fault);
    bench->stale = bench->stale || end == REWORK_STALE;
    return got == ERR_OK && (more || end == REWORK_DONE);
}
