#include "gateway/submission/round.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/intake/objected.h"
#include "gateway/intake/question.h"
#include "gateway/intake/timeliness.h"
#include "gateway/obligation/outage.h"
#include "gateway/obligation/settling.h"
#include "gateway/submission/deciding.h"

#include <string.h>

static bool
shares_key(const struct submission *one, const struct submission *other)
{
    for (size_t i = 0; i < one->lock_key_count; i++) {
        for (size_t j = 0; j < other->lock_key_count; j++) {
            if (one->lock_keys[i] == other->lock_keys[j]) {
                return true;
            }
        }
    }
    return false;
}

static bool
holds_key(const struct round *round, const struct submission *submission)
{
    for (size_t i = 0; i < round->count; i++) {
        if (!round->submissions[i]->delivery && shares_key(round->submissions[i], submission)) {
            return true;
        }
    }
    return false;
}

/* One package for each JST; a delivery brings nothing into force and has none. */
static void
choose(struct round *round, const struct part *part)
{
    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission *submission = &round->batch->items[i];
        if (stage_goes_on(submission) && (submission->delivery || !holds_key(round, submission))) {
            round->submissions[round->count] = submission;
            round->count++;
        }
    }
}

/* A delivery brings nothing into force and needs no JST. */
static size_t
keys_of(const struct submission *submission)
{
    return submission->delivery ? 0 : submission->lock_key_count;
}

static bool
all_true(const bool *items, size_t count)
{
    bool all = true;

    for (size_t i = 0; i < count; i++) {
        all = all && items[i];
    }
    return all;
}

/* Keep those all of whose JST were obtained. */
static void
keep_locked(struct round *round, const bool *obtained)
{
    size_t kept = 0;
    size_t at = 0;

    for (size_t i = 0; i < round->count; i++) {
        struct submission *submission = round->submissions[i];
        if (all_true(&obtained[at], keys_of(submission))) {
            round->submissions[kept] = submission;
            kept++;
        }
        at += keys_of(submission);
    }
    round->count = kept;
}

static enum err
lock(struct round *round, struct fault *fault)
{
    struct arena *arena = round->batch->arena;
    size_t        count = 0;
    size_t        at = 0;

    for (size_t i = 0; i < round->count; i++) {
        count += keys_of(round->submissions[i]);
    }
    int64_t *keys = ARENA_NEW(arena, int64_t, count + 1);
    bool    *obtained = ARENA_NEW(arena, bool, count + 1);
    if (keys == NULL || obtained == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu keys of locks", count);
    }
    for (size_t i = 0; i < round->count; i++) {
        const struct submission *submission = round->submissions[i];
        for (size_t j = 0; j < keys_of(submission); j++) {
            keys[at] = submission->lock_keys[j];
            at++;
        }
    }
    if (count > 0) {
        TRY(conclusion_lock(round->bench->store, arena, keys, count, obtained, fault));
    }
    keep_locked(round, obtained);
    return ERR_OK;
}

static void
fill(const struct round *round, const struct submission *submission, struct concluding *item)
{
    const struct bench     *bench = round->bench;
    const struct catalogue *catalogue = bench->definitions.catalogue;

    *item = (struct concluding){.queued = &submission->queued,
                                .bytes = submission->bytes,
                                .engine = bench->engine,
                                .environment = bench->environment,
                                .receiver = bench->frame.receiver,
                                .n = submission->queued.n + 1,
                                .parked = submission->parked,
                                .switched_off = submission->switched_off,
                                .switches = submission->switches,
                                .refused = submission->refused,
                                .reason = submission->reason,
                                .decided_at = round->now};
    memcpy(item->definitions_sha256, catalogue->sha256, sizeof item->definitions_sha256);
    memcpy(item->trust_sha256, bench->trust_sha256, sizeof item->trust_sha256);
    memcpy(item->calendar_sha256, bench->definitions.calendar->sha256,
           sizeof item->calendar_sha256);
    if (!submission->delivery) {
        item->decided = submission->decided;
        item->catalogue = catalogue;
        item->units = submission->units;
        item->unit_count = submission->checked->package.unit_count;
        memcpy(item->reference_sha256, submission->reference_sha256, sizeof item->reference_sha256);
        memcpy(item->registry_sha256, submission->registry_sha256, sizeof item->registry_sha256);
    }
}

/* What another worker has concluded meanwhile is done, whoever asked for it. */
static void
drop_done(struct round *round, const bool *done)
{
    const struct filing_news decided = {.kind = FILING_DECIDED};
    size_t                   kept = 0;

    for (size_t i = 0; i < round->count; i++) {
        if (done[i]) {
            struct filing_news news = decided;
            news.id = round->submissions[i]->queued.id;
            stage_tell(round->bench, round->submissions[i], &news);
            round->submissions[i]->leaving = LEAVING_ANSWERED;
            round->answered++;
        } else {
            round->submissions[kept] = round->submissions[i];
            round->items[kept] = round->items[i];
            kept++;
        }
    }
    round->count = kept;
}

/* Of those near the round the ones that this submission came in, or right after: the newest of
 * them, whatever else is in the round. */
static enum err
choose_outages(struct round *round, const struct outages *near, struct concluding *item,
               struct fault *fault)
{
    instant              first = facts_first_attempt(item->queued);
    struct filed_outage *list =
        ARENA_NEW(round->batch->arena, struct filed_outage, OUTAGE_NEAR_MAX);
    size_t from = OUTAGE_NEAR_MAX; /* filled from the end */

    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu outages", near->count);
    }
    for (size_t i = near->count; i > 0 && from > 0; i--) {
        const struct outage *outage = &near->items[i - 1];
        if (outage_touches(outage, first, item->queued->arrived)) {
            list[--from] = (struct filed_outage){outage->began, outage->ended, outage->description};
        }
    }
    item->outages = (struct filed_outages){list + from, OUTAGE_NEAR_MAX - from};
    return ERR_OK;
}

/* Of the whole round in one statement. */
static enum err
read_outages(struct round *round, struct fault *fault)
{
    instant       *moments = ARENA_NEW(round->batch->arena, instant, 2 * round->count);
    struct outages near = {0};

    if (moments == NULL) {
        return FAIL(fault, ERR_MEMORY, "moments of %zu submissions", round->count);
    }
    for (size_t i = 0; i < round->count; i++) {
        const struct queued *queued = &round->submissions[i]->queued;
        moments[2 * i] = facts_first_attempt(queued);
        moments[2 * i + 1] = queued->arrived;
    }
    TRY(outage_near(round->bench->store, round->batch->arena, moments, 2 * round->count, &near,
                    fault));
    for (size_t i = 0; near.count > 0 && i < round->count; i++) {
        TRY(choose_outages(round, &near, &round->items[i], fault));
    }
    return ERR_OK;
}

/* Everything that is read before anything is written. */
static enum err
read_context(struct round *round, struct fault *fault)
{
    bool done[BATCH_DOCUMENTS_MAX] = {false};

    round->items = ARENA_NEW(round->batch->arena, struct concluding, round->count);
    round->dossiers = ARENA_NEW(round->batch->arena, struct dossier, round->count);
    if (round->items == NULL || round->dossiers == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu decisions", round->count);
    }
    for (size_t i = 0; i < round->count; i++) {
        fill(round, round->submissions[i], &round->items[i]);
    }
    TRY(conclusion_context(round->bench->store, round->batch->arena, round->items, round->count,
                           done, fault));
    drop_done(round, done);
    for (size_t i = 0; i < round->count; i++) {
        if (round->items[i].decided != NULL) {
            TRY(deciding_tell_predecessors(round->batch->arena, round->bench->environment,
                                           &round->items[i], fault));
            timeliness_settle(round->bench->definitions.calendar, round->bench->environment,
                              &round->items[i]);
        }
    }
    FAILPOINT_REACH(DECIDE_DONE);
    return round->count == 0 ? ERR_OK : read_outages(round, fault);
}

/* What the reports of the round mean for what their units owe. */
static enum err
settle_duties(const struct round *round, struct fault *fault)
{
    struct uuid ids[BATCH_DOCUMENTS_MAX];
    size_t      count = 0;

    for (size_t i = 0; i < round->count; i++) {
        if (round->items[i].decided != NULL) {
            ids[count] = round->items[i].queued->id;
            count++;
        }
    }
    return settling_run(round->bench->store, round->batch->arena, ids, count, fault);
}

static bool
is_strict(const struct concluding *item)
{
    return item->decided != NULL && item->queued->strict && item->queued->decided_n == 0;
}

/* Who has asked for it is not accepted into an inconsistent set: what is left to conclude then is
 * that it came. */
static enum err
refuse_strict(struct round *round, struct fault *fault)
{
    for (size_t i = 0; i < round->count; i++) {
        struct submission *submission = round->submissions[i];
        struct str         why = {0};
        if (!is_strict(&round->items[i])) {
            continue;
        }
        TRY(setbook_refusal(round->batch->arena, &round->sets, i, &why, fault));
        if (why.size > 0) {
            submission->delivery = true;
            submission->refused = true;
            submission->reason = why;
            round->refused++;
        }
    }
    return ERR_OK;
}

/* What is in force now, and what that means for the sets of the round. */
static enum err
judge_sets(struct round *round, struct fault *fault)
{
    struct arena        *arena = round->batch->arena;
    struct setbook_tools tools = bench_setbook(round->bench);

    tools.switched_off = rule_switches_off(arena, &round->bench->switches, round->now);
    if (tools.switched_off.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules that are off");
    }
    TRY(setbook_judge(&tools, arena, round->items, round->count, &round->sets, fault));
    TRY(refuse_strict(round, fault));
    if (round->refused > 0) {
        return ERR_OK;
    }
    return setbook_write(&tools, arena, &round->sets, round->now, fault);
}

static enum err
write_round(struct round *round, struct fault *fault)
{
    struct store *store = round->bench->store;
    struct arena *arena = round->batch->arena;

    TRY(conclusion_write(store, arena, round->items, round->count, fault));
    FAILPOINT_REACH(CONCLUDE_COPIED);
    TRY(conclusion_head(store, arena, round->items, round->count, fault));
    FAILPOINT_REACH(CONCLUDE_HEAD);
    TRY(conclusion_finish_settle(store, arena, round->items, round->count, fault));
    TRY(judge_sets(round, fault));
    if (round->refused > 0) {
        return ERR_OK;
    }
    FAILPOINT_REACH(SETS_JUDGED);
    TRY(round_sign(round, fault));
    TRY(conclusion_finish(store, arena, round->items, round->count, fault));
    TRY(objected_note(store, arena, round->items, round->count, fault));
    TRY(question_note(store, arena, round->bench->definitions.calendar, round->items, round->count,
                      fault));
    return settle_duties(round, fault);
}

/* From BEGIN to COMMIT. */
enum err
round_run(struct round *round, const struct part *part, struct fault *fault)
{
    struct store *store = round->bench->store;

    TRY(conclusion_begin(store, round->batch->arena, &round->now, fault));
    choose(round, part);
    TRY(lock(round, fault));
    FAILPOINT_REACH(DECIDE_LOCKED);
    if (round->count > 0) {
        TRY(read_context(round, fault));
    }
    if (round->count == 0) {
        store_rollback(store);
        return ERR_OK;
    }
    TRY(write_round(round, fault));
    if (round->refused > 0) {
        store_rollback(store);
        round->count = 0;
        return ERR_OK;
    }
    FAILPOINT_REACH(CONCLUDE_BEFORE_COMMIT);
    TRY(store_commit(store, fault));
    FAILPOINT_REACH(CONCLUDE_AFTER_COMMIT);
    round_tell(round);
    FAILPOINT_REACH(CONCLUDE_TOLD);
    return ERR_OK;
}
