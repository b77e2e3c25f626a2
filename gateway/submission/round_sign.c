#include "gateway/failpoint/failpoint.h"
#include "gateway/metrics/metrics.h"
#include "gateway/submission/round.h"

#include <string.h>

/* Below SIGNER_BATCH_MAX, and so few that the slowest key of a seal signs them several times over
 * within what a signer may take for one answer. */
enum { SIGNED_AT_ONCE = 32 };

static size_t
count_receipts(const struct round *round)
{
    size_t count = 0;

    for (size_t i = 0; i < round->count; i++) {
        count += round->dossiers[i].count;
    }
    return count;
}

/* A signer takes so many facts at once as it will. */
static enum err
ask_signer(struct round *round, const struct receipt_facts *facts, size_t count,
           struct str *receipts, struct fault *fault)
{
    const struct neighbours *neighbours = &round->bench->neighbours;

    for (size_t at = 0; at < count; at += SIGNED_AT_ONCE) {
        size_t                some = count - at < SIGNED_AT_ONCE ? count - at : SIGNED_AT_ONCE;
        const struct unsealed unsealed = {.facts = &facts[at], .count = some, .at = round->now};
        enum err got = neighbours->sign(neighbours->self, round->batch->arena, &unsealed,
                                        &receipts[at], fault);
        metrics_add(got == ERR_OK ? METRIC_RECEIPTS_SIGNED : METRIC_SIGN_FAILURES,
                    got == ERR_OK ? (int64_t)some : 1);
        TRY(got);
    }
    return ERR_OK;
}

static void
give_receipts(struct round *round, const struct str *receipts)
{
    size_t at = 0;

    for (size_t i = 0; i < round->count; i++) {
        struct dossier *dossier = &round->dossiers[i];
        for (size_t j = 0; j < dossier->count; j++) {
            dossier->receipts[j].bytes = receipts[at];
            at++;
        }
        round->items[i].receipts = dossier->receipts;
        round->items[i].receipt_count = dossier->count;
    }
}

enum err
round_sign(struct round *round, struct fault *fault)
{
    struct arena *arena = round->batch->arena;
    size_t        at = 0;

    for (size_t i = 0; i < round->count; i++) {
        TRY(facts_make(arena, &round->bench->frame, &round->items[i], &round->dossiers[i], fault));
    }
    size_t                count = count_receipts(round);
    struct receipt_facts *facts = ARENA_NEW(arena, struct receipt_facts, count);
    struct str           *receipts = ARENA_NEW(arena, struct str, count);
    if (facts == NULL || receipts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu receipts", count);
    }
    for (size_t i = 0; i < round->count; i++) {
        memcpy(&facts[at], round->dossiers[i].facts, round->dossiers[i].count * sizeof *facts);
        at += round->dossiers[i].count;
    }
    TRY(ask_signer(round, facts, count, receipts, fault));
    give_receipts(round, receipts);
    FAILPOINT_REACH(CONCLUDE_SIGNED);
    return ERR_OK;
}
