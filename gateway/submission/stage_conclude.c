#include "gateway/submission/round.h"

enum {
    WAITS_MAX = 20, /* for a JST that another worker has, in a row */
    WAIT_MS = 10,
};

static bool
any_left(const struct batch *batch, const struct part *part)
{
    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (stage_goes_on(&batch->items[i])) {
            return true;
        }
    }
    return false;
}

/* What waits for a JST that others keep busy goes back to the queue. */
static enum err
give_back(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    struct uuid ids[BATCH_DOCUMENTS_MAX];
    size_t      count = 0;

    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (stage_goes_on(&batch->items[i])) {
            ids[count] = batch->items[i].queued.id;
            count++;
        }
    }
    TRY(queue_release(bench->store, batch->arena, ids, count, bench->lease.owner, fault));
    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (stage_goes_on(&batch->items[i])) {
            batch->items[i].leaving = LEAVING_QUEUED;
        }
    }
    bench->hurry = true;
    return ERR_OK;
}

enum err
stage_conclude(struct bench *bench, struct batch *batch, const struct part *part,
               struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;
    int                      waits = 0;

    store_rollback(bench->store); /* of an attempt before */
    while (any_left(batch, part) && waits < WAITS_MAX) {
        struct round round = {.bench = bench, .batch = batch};
        enum err     got = round_run(&round, part, fault);
        bench->stale = bench->stale || got == ERR_PEER; /* perhaps a rule was switched */
        TRY(got);
        if (round.count > 0 || round.answered > 0 || round.refused > 0) {
            waits = 0;
            continue;
        }
        waits++; /* nothing is held now */
        TRY(neighbours->pause(neighbours->self, WAIT_MS, fault));
    }
    return any_left(batch, part) ? give_back(bench, batch, part, fault) : ERR_OK;
}
