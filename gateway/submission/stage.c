#include "gateway/submission/stage.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/submission/links.h"
#include "gateway/ticks/ticks.h"

enum {
    REPEATS_MAX = 6,     /* of a stage, when the database asks for it or was lost */
    REPEATS_MS = 10000,  /* none is begun later: a database that hangs takes its time each time */
    PAUSE_FIRST_MS = 20, /* doubled each time */
    STORE_CALL_MEMORY = 256 * 1024,
};

static const struct {
    const char *name;
    stage_work *run;
} stages[STAGE_COUNT] = {
    [STAGE_ADMIT] = {"admit",    stage_admit   },
    [STAGE_CHECK] = {"check",    stage_check   },
    [STAGE_DECIDE] = {"decide",   stage_decide  },
    [STAGE_CONCLUDE] = {"conclude", stage_conclude},
};

bool
stage_goes_on(const struct submission *submission)
{
    return submission->leaving == LEAVING_NOT;
}

void
stage_tell(struct bench *bench, const struct submission *submission, const struct filing_news *news)
{
    struct filing_news mine = *news;

    if (submission->is_filing) {
        mine.handle = submission->filing.handle;
        bench->neighbours.tell(bench->neighbours.self, submission->front, &mine, (struct str){0});
    }
}

/* The database's own reasons: the same again, as soon as it can. */
static bool
is_passing(enum err failed)
{
    return failed == ERR_STORE_LOST || failed == ERR_STORE_UNCERTAIN
           || failed == ERR_STORE_CONFLICT;
}

/* Nothing that a document can be blamed for: it stays where it is, and nothing is counted. */
static bool
is_ours(enum err failed)
{
    return is_passing(failed) || failed == ERR_STORE_UNFIT || failed == ERR_PEER
           || failed == ERR_CRYPTO || failed == ERR_SYSTEM;
}

/* Wait, and connect again where that is needed. */
static enum err
recover(struct bench *bench, int repeat, struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;

    metrics_add(METRIC_STORE_FAILURES, 1);
    TRY(neighbours->pause(neighbours->self, PAUSE_FIRST_MS << repeat, fault));
    if (store_is_open(bench->store)) {
        return ERR_OK;
    }
    TRY(store_reopen(bench->store, fault));
    metrics_add(METRIC_STORE_RECONNECTS, 1);
    return ERR_OK;
}

static enum err
run_stage(struct bench *bench, struct batch *batch, const struct part *part, size_t stage,
          struct fault *fault)
{
    int64_t  due = ticks_ms() + REPEATS_MS;
    enum err got = stages[stage].run(bench, batch, part, fault);

    for (int i = 0; i < REPEATS_MAX && is_passing(got) && ticks_ms() < due; i++) {
        got = recover(bench, i, fault);
        if (got == ERR_OK) {
            got = stages[stage].run(bench, batch, part, fault);
        }
    }
    return got;
}

/* In memory of its own: that of the batch may be what has run out. An orderly end costs nothing. */
static enum err
release(struct bench *bench, const struct uuid *ids, size_t count, struct fault *fault)
{
    if (!store_is_open(bench->store)) { /* what ended it may be what we give back */
        TRY(store_reopen(bench->store, fault));
        metrics_add(METRIC_STORE_RECONNECTS, 1);
    }
    const struct neighbours *neighbours = &bench->neighbours;
    struct arena            *arena = arena_create(STORE_CALL_MEMORY);
    enum err                 got = neighbours->ending(neighbours->self)
                                       ? queue_release(bench->store, arena, ids, count, bench->lease.owner, fault)
                                       : queue_put_off(bench->store, arena, ids, count, bench->lease.owner, fault);
    arena_destroy(arena);
    return got;
}

/* What was admitted is the queue's; what was not, the front has to keep. */
static void
leave(struct bench *bench, struct batch *batch, const struct part *part, size_t stage)
{
    const struct filing_news busy = {.kind = FILING_BUSY};
    struct uuid              ids[BATCH_DOCUMENTS_MAX];
    struct fault             fault = {0};
    size_t                   count = 0;

    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission *submission = &batch->items[i];
        if (!stage_goes_on(submission)) {
            continue;
        }
        submission->leaving = LEAVING_QUEUED;
        if (stage == STAGE_ADMIT) {
            stage_tell(bench, submission, &busy);
        } else {
            ids[count] = submission->queued.id;
            count++;
        }
    }
    /* When this fails too, the lease ends by itself, and what is ours then is no sign of a death.
     */
    if (count > 0 && release(bench, ids, count, &fault) != ERR_OK) {
        bench->reborn = false;
        log_failure("submission.release_failed", &fault);
    }
}

static void
say_failure(const char *event, size_t stage, size_t count, const struct fault *fault)
{
    log_begin(LOG_WARNING, event);
    log_text("stage", str_of(stages[stage].name));
    log_number("documents", (int64_t)count);
    log_fault(fault);
    log_end();
}

void
stage_park(struct submission *submission)
{
    static const struct str first =
        STR_INIT("brama nie mogła sprawdzić tego pliku; operator bramy o tym wie i ponowi "
                 "sprawdzenie, pliku nie trzeba wysyłać jeszcze raz");
    static const struct str again =
        STR_INIT("brama nie mogła sprawdzić tego pliku jeszcze raz; poprzednie rozstrzygnięcie "
                 "pozostaje bez zmian, operator bramy o tym wie, pliku nie trzeba wysyłać jeszcze "
                 "raz");

    submission->delivery = true;
    submission->parked = true;
    submission->reason = submission->queued.decided_n > 0 ? again : first;
}

enum err
stage_count_attempt(struct bench *bench, struct submission *submission, struct fault *fault)
{
    struct arena *arena = arena_create(STORE_CALL_MEMORY); /* that of the batch may be full */
    int           attempts = 0;
    enum err      got = queue_count_attempt(bench->store, arena, submission->queued.id,
                                            submission->queued.work, &attempts, fault);

    arena_destroy(arena);
    TRY(got);
    log_begin(LOG_WARNING, "submission.attempt_failed");
    log_uuid("submission", submission->queued.id);
    log_number("attempts", attempts);
    log_end();
    if (attempts < bench->config->attempts_max) { /* 0: it is not open any more */
        submission->leaving = LEAVING_TRIED;
        return ERR_OK;
    }
    stage_park(submission);
    return ERR_OK;
}

/* The one submission that a stage fails on. True: its delivery is still to be concluded. */
static bool
blame(struct bench *bench, struct batch *batch, const struct part *part, size_t stage)
{
    const struct filing_news failed = {.kind = FILING_FAILED};
    struct submission       *submission = &batch->items[part->from];
    struct fault             fault = {0};

    if (!stage_goes_on(submission)) {
        return false;
    }
    if (stage == STAGE_ADMIT) {
        submission->leaving = LEAVING_TRIED;
        stage_tell(bench, submission, &failed);
        return false;
    }
    bool parked = submission->parked;
    if (stage_count_attempt(bench, submission, &fault) != ERR_OK) {
        log_failure("submission.count_failed", &fault);
        leave(bench, batch, part, stage);
        return false;
    }
    if (parked) { /* not even its delivery: taken up again, until stage_check has had enough */
        submission->leaving = LEAVING_TRIED;
    }
    return stage_goes_on(submission);
}

/* Halves find the culprit; but what one arena cannot hold, its halves cannot either. */
static void
split(struct bench *bench, struct batch *batch, struct halving *halving, const struct part *part,
      size_t stage)
{
    metrics_add(METRIC_BATCHES_HALVED, 1);
    if (!halving_split(halving, part, stage)) {
        return;
    }
    if (blame(bench, batch, part, stage)) {
        halving_add(halving, part, STAGE_CONCLUDE);
    }
}

static void
handle(struct bench *bench, struct batch *batch, struct halving *halving, const struct part *part,
       size_t stage, const struct fault *fault)
{
    enum err failed = fault->code;

    say_failure("submission.stage_failed", stage, part->count, fault);
    if (failed == ERR_MEMORY && part->count > 1) {
        bench->alone += part->count;
        leave(bench, batch, part, stage);
    } else if (is_ours(failed)) {
        leave(bench, batch, part, stage);
    } else {
        split(bench, batch, halving, part, stage);
    }
}

static void
run_part(struct bench *bench, struct batch *batch, struct halving *halving, const struct part *part)
{
    for (size_t stage = part->stage; stage < STAGE_COUNT; stage++) {
        struct fault fault = {0};
        if (run_stage(bench, batch, part, stage, &fault) != ERR_OK) {
            store_rollback(bench->store);
            handle(bench, batch, halving, part, stage, &fault);
            return;
        }
    }
}

void
stage_run(struct bench *bench, struct batch *batch, enum stage_number from)
{
    struct part part = {0};

    if (batch->count == 0) {
        return;
    }
    struct halving halving = halving_create(batch->count, from);
    while (halving_next(&halving, &part)) {
        run_part(bench, batch, &halving, &part);
    }
    metrics_add(METRIC_BATCHES, 1);
}
