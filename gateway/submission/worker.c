#include "gateway/submission/worker.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/submission/disk_watch.h"
#include "gateway/submission/errand.h"
#include "gateway/submission/renewal.h"
#include "gateway/submission/set_turn.h"
#include "gateway/submission/stage.h"

enum {
    DESCRIPTORS_MAX = 1024, /* documents of a batch, their results, links */
    LOOK_MS = 1000,         /* between two looks at queue, backlog and disk */
    HURRY_MS = 20,
    PUT_OFF_MS = 100, /* after something could not be done */
    STORE_WAIT_FIRST_MS = 100,
    STORE_WAIT_MAX_MS = 5000,
    LOOK_MEMORY = 1024 * 1024,
    STORE_MEMORY = 1024 * 1024, /* a connection and its prepared statements */
};

/* The worker between two batches. */
struct worker {
    struct role_context *context;
    struct links         links;
    struct inbox         inbox;
    struct bench         bench;
    struct renewal       renewal;
    struct batch_limits  limits;
    int64_t              queue_due_ms;
    int64_t              sets_due_ms;
    int64_t              look_due_ms;
    int64_t              store_due_ms; /* when to try to connect again */
    int64_t              store_wait_ms;
    int64_t              backlog;
    bool                 disk_full;
};

static void
end_arena(void *arena)
{
    arena_destroy(arena);
}

/* Each attempt has memory of its own, so that a long outage takes none. */
static enum err
connect_store(struct worker *worker, struct fault *fault)
{
    const struct config       *config = worker->context->config;
    const struct store_address address = {.host = config->database_host,
                                          .port = config->database_port,
                                          .database = config->database_name};
    struct arena              *arena = arena_create(STORE_MEMORY);
    enum err got = store_open(arena, &address, STORE_WRITER, &worker->bench.store, fault);

    if (got == ERR_OK) {
        got = bench_file_material(&worker->bench, fault);
    }
    if (got == ERR_OK && !arena_defer(worker->context->arena, end_arena, arena)) {
        got = FAIL(fault, ERR_MEMORY, "the connection to the database");
    }
    if (got != ERR_OK) {
        worker->bench.store = NULL; /* it lies in the arena */
        arena_destroy(arena);
        return got;
    }
    metrics_mark(METRIC_STORE_READY, worker->context->slot, true);
    return ERR_OK;
}

static bool
has_store(const struct worker *worker)
{
    return worker->bench.store != NULL && store_is_open(worker->bench.store);
}

static void
slow_down(struct worker *worker, int64_t now)
{
    worker->store_due_ms = now + worker->store_wait_ms;
    worker->store_wait_ms = worker->store_wait_ms * 2 < STORE_WAIT_MAX_MS
                                ? worker->store_wait_ms * 2
                                : STORE_WAIT_MAX_MS;
}

/* A database that went away, or was not there yet, is called again, ever more slowly. */
static void
mend_store(struct worker *worker, int64_t now)
{
    struct fault fault = {0};

    if (has_store(worker) || now < worker->store_due_ms) {
        return;
    }
    enum err got = worker->bench.store == NULL ? connect_store(worker, &fault)
                                               : store_reopen(worker->bench.store, &fault);
    if (got == ERR_OK) {
        metrics_add(METRIC_STORE_RECONNECTS, 1);
        metrics_mark(METRIC_STORE_READY, worker->context->slot, true);
        worker->store_wait_ms = STORE_WAIT_FIRST_MS;
        worker->queue_due_ms = now;
        return;
    }
    metrics_mark(METRIC_STORE_READY, worker->context->slot, false);
    log_failure("worker.store_away", &fault);
    slow_down(worker, now);
}

static void
look_at_disk(struct worker *worker)
{
    const struct config *config = worker->context->config;
    int64_t              left = disk_watch_left(config);

    if (left != DISK_WATCH_UNKNOWN) {
        metrics_set(METRIC_DISK_FREE_BYTES, left);
    }
    worker->disk_full = left < config->disk_reserve_bytes;
}

static void
look_at_backlog(struct worker *worker)
{
    struct arena *arena = arena_create(LOOK_MEMORY);
    struct fault  fault = {0};

    if (queue_backlog(worker->bench.store, arena, &worker->backlog, &fault) == ERR_OK) {
        metrics_set(METRIC_BACKLOG, worker->backlog);
        worker->bench.receive_only =
            worker->backlog > worker->context->config->backlog_documents_max;
    } else {
        log_failure("worker.backlog_unknown", &fault);
    }
    arena_destroy(arena);
}

/* Once in a while: what decides whether more can be taken. */
static void
look_around(struct worker *worker, int64_t now)
{
    mend_store(worker, now);
    if (has_store(worker)) {
        renewal_look(&worker->renewal, &worker->bench, &worker->links);
    }
    if (now < worker->look_due_ms) {
        return;
    }
    look_at_disk(worker);
    if (has_store(worker)) {
        look_at_backlog(worker);
    }
    worker->look_due_ms = now + LOOK_MS;
}

static bool
may_admit(const struct worker *worker)
{
    return has_store(worker) && !worker->disk_full
           && worker->backlog <= worker->context->config->backlog_refuse_max;
}

static void
refuse(struct worker *worker, const struct batch *batch)
{
    const struct filing_news busy = {.kind = FILING_BUSY};

    for (size_t i = 0; i < batch->count; i++) {
        stage_tell(&worker->bench, &batch->items[i], &busy);
    }
}

/* What the fronts have sent. *worked: there was something. */
static enum err
work_on_filings(struct worker *worker, bool *worked, struct fault *fault)
{
    struct batch batch = {0};

    TRY(batch_create(&batch, fault));
    enum err got = inbox_fill(&worker->inbox, &batch, &worker->limits, fault);
    *worked = batch.count > 0;
    if (batch.count > 0 && may_admit(worker)) {
        stage_run(&worker->bench, &batch, STAGE_ADMIT);
    } else {
        refuse(worker, &batch);
    }
    batch_destroy(&batch);
    return got == ERR_MEMORY ? ERR_OK : got; /* that filing was told to come again */
}

/*
 * At start the database may still be on its way: then we begin without it, so that who files is
 * told to come again. That it refuses us is another thing: we cannot work.
 */
static enum err
try_store(struct worker *worker, struct fault *fault)
{
    struct fault why = {0};
    enum err     got = connect_store(worker, &why);

    if (got == ERR_STORE_LOST || got == ERR_STORE_UNCERTAIN || got == ERR_STORE_CONFLICT) {
        log_failure("worker.store_away", &why);
        slow_down(worker, ticks_ms());
        return ERR_OK;
    }
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "%s", why.text);
}

static enum err
enter_sandbox(const struct worker *worker, struct fault *fault)
{
    const struct config        *config = worker->context->config;
    const struct sandbox_limits limits = {.descriptors_max = DESCRIPTORS_MAX,
                                          .tcp = !str_starts_with(config->database_host, STR("/"))};

    return sandbox_enter_role(SANDBOX_WORKER, &limits, fault);
}

static enum err
prepare(struct worker *worker, struct fault *fault)
{
    const struct config *config = worker->context->config;

    TRY(bench_open(worker->context->arena, config, worker->context->slot, &worker->bench, fault));
    worker->limits = (struct batch_limits){.documents_max = (size_t)config->batch_documents_max,
                                           .bytes_max = (size_t)config->batch_bytes_max};
    worker->links = links_create(worker->context);
    worker->links.material = bench_material(&worker->bench);
    worker->inbox = (struct inbox){.links = &worker->links};
    worker->bench.neighbours = links_neighbours(&worker->links);
    worker->bench.alone = BATCH_DOCUMENTS_MAX; /* what an earlier life may have died of */
    worker->bench.reborn = true;
    TRY(try_store(worker, fault));
    TRY(enter_sandbox(worker, fault));
    disk_watch_say(config);
    return ERR_OK;
}

static void
enter_row(struct batch *batch, const struct queued *queued)
{
    struct submission *submission = batch_add(batch, queued->bytes.size);

    submission->queued = *queued;
    submission->bytes = queued->bytes;
}

static struct queue_wish
wish_of(const struct worker *worker)
{
    bool singly = worker->bench.alone > 0;

    return (struct queue_wish){.lease = worker->bench.lease,
                               .count_max = singly ? 1 : worker->limits.documents_max,
                               .bytes_max = worker->limits.bytes_max,
                               .alone = singly,
                               .reborn = worker->bench.reborn};
}

static bool
any_left(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->items[i].leaving == LEAVING_QUEUED) {
            return true;
        }
    }
    return false;
}

static void
take_rows(struct worker *worker, struct batch *batch, struct fault *fault)
{
    const struct queue_wish wish = wish_of(worker);
    struct queued          *rows = NULL;
    size_t                  count = 0;

    if (queue_take(worker->bench.store, batch->arena, &wish, &rows, &count, fault) != ERR_OK) {
        worker->bench.reborn = false; /* what was taken and did not reach us is ours all the same */
        metrics_add(METRIC_STORE_FAILURES, 1);
        log_failure("worker.queue_failed", fault);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        enter_row(batch, &rows[i]);
    }
}

/* What was left behind, by whomever. As long as there is some, it is looked at again at once. */
static void
work_on_queue(struct worker *worker, int64_t now, bool *worked)
{
    struct batch batch = {0};
    struct fault fault = {0};

    worker->queue_due_ms = now + LOOK_MS;
    if (batch_create(&batch, &fault) != ERR_OK) {
        log_failure("worker.queue_failed", &fault);
        return;
    }
    take_rows(worker, &batch, &fault);
    *worked = batch.count > 0;
    if (batch.count > 0) {
        worker->bench.alone -= worker->bench.alone > 0 ? 1 : 0;
        stage_run(&worker->bench, &batch, STAGE_CHECK);
        worker->queue_due_ms = any_left(&batch) ? now + PUT_OFF_MS : now;
    } else {
        worker->bench.alone = 0;
    }
    worker->bench.reborn = worker->bench.reborn && worker->bench.alone > 0;
    batch_destroy(&batch);
}

static bool
can_conclude(const struct worker *worker)
{
    return has_store(worker) && worker->links.signer >= 0 && worker->links.checker >= 0;
}

/* One round: filings, then the queue, then an errand, if there was neither or it is its turn. */
static enum err
work(struct worker *worker, struct fault *fault)
{
    int64_t       now = ticks_ms();
    bool          filed = false;
    bool          queued = false;
    struct letter errand = {0};

    look_around(worker, now);
    TRY(work_on_filings(worker, &filed, fault));
    if (can_conclude(worker) && now >= worker->queue_due_ms) {
        work_on_queue(worker, now, &queued);
    }
    if (has_store(worker) && now >= worker->sets_due_ms) {
        worker->sets_due_ms = set_turn_take(&worker->bench) ? now : now + LOOK_MS;
    }
    if (worker->bench.hurry) {
        worker->queue_due_ms = ticks_ms() + HURRY_MS;
        worker->bench.hurry = false;
    }
    if (inbox_errand(&worker->inbox, filed || queued, &errand)) {
        errand_run(&worker->bench, &errand);
    }
    return ERR_OK;
}

/* How long nothing can be due. */
static int
idle_ms(const struct worker *worker)
{
    int64_t now = ticks_ms();
    int64_t due = worker->look_due_ms;

    if (can_conclude(worker) && worker->queue_due_ms < due) {
        due = worker->queue_due_ms;
    }
    if (has_store(worker) && worker->sets_due_ms < due) {
        due = worker->sets_due_ms;
    }
    if (worker->inbox.errand_count > 0 || worker->inbox.has_carried || due <= now) {
        return 0;
    }
    return (int)(due - now);
}

static enum err
serve(struct worker *worker, struct fault *fault)
{
    TRY(role_ready(worker->context, fault));
    while (!worker->links.stopping) {
        TRY(links_wait(&worker->links, idle_ms(worker), fault));
        if (!worker->links.stopping) {
            TRY(work(worker, fault));
        }
    }
    return ERR_OK;
}

enum err
worker_role(struct role_context *context, struct fault *fault)
{
    struct worker *worker = ARENA_NEW(context->arena, struct worker, 1);

    if (worker == NULL) {
        return FAIL(fault, ERR_MEMORY, "a worker");
    }
    worker->context = context;
    worker->store_wait_ms = STORE_WAIT_FIRST_MS;
    enum err got = prepare(worker, fault);
    if (got == ERR_OK) {
        got = serve(worker, fault);
    }
    inbox_close(&worker->inbox);
    renewal_close(&worker->renewal);
    links_close(&worker->links);
    return got == ERR_PEER && worker->links.stopping ? ERR_OK : got;
}
