#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/submission/stage.h"
#include "gateway/wire/blob.h"

enum {
    MILLISECONDS = 1000,
    IDLE_MAX = 3, /* rounds without an answer; one is a document that was put off */
    STORE_CALL_MEMORY = 256 * 1024,
};

/* The documents of a part on their way to the checker. */
struct reading_list {
    struct unread      documents[BATCH_DOCUMENTS_MAX];
    struct submission *submissions[BATCH_DOCUMENTS_MAX];
    size_t             count;
};

static bool
is_to_be_read(const struct submission *submission)
{
    return stage_goes_on(submission) && !submission->delivery && submission->checked == NULL;
}

static enum err
list_document(struct reading_list *list, struct submission *submission, struct fault *fault)
{
    if (submission->document < 0) {
        TRY(blob_of("brama-document", submission->bytes, &submission->document, fault));
    }
    list->submissions[list->count] = submission;
    list->documents[list->count] =
        (struct unread){.kind = JOB_PACKAGE,
                        .document = submission->document,
                        .size = submission->bytes.size,
                        .at = submission->queued.arrived / INSTANT_PER_SECOND};
    list->count++;
    return ERR_OK;
}

/* Whoever checks long keeps what it holds. */
static enum err
renew(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    struct uuid ids[BATCH_DOCUMENTS_MAX];
    size_t      count = 0;

    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (stage_goes_on(&batch->items[i])) {
            ids[count] = batch->items[i].queued.id;
            count++;
        }
    }
    return queue_renew(bench->store, batch->arena, ids, count, &bench->lease, fault);
}

static size_t
count_read(const struct reading_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        count += list->documents[i].answer.end != CHECKER_LINK_NONE ? 1 : 0;
    }
    return count;
}

static enum err
read_all(struct bench *bench, struct batch *batch, const struct part *part,
         struct reading_list *list, struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;
    int                      budget_ms = bench->lease.seconds * MILLISECONDS / CONFIG_LEASE_PART;

    TRY(neighbours->check(neighbours->self, batch->arena, list->documents, list->count, budget_ms,
                          fault));
    for (int idle = 0; count_read(list) < list->count;) {
        size_t before = count_read(list);
        TRY(renew(bench, batch, part, fault));
        TRY(neighbours->check(neighbours->self, batch->arena, list->documents, list->count,
                              budget_ms, fault));
        idle = count_read(list) > before ? 0 : idle + 1;
        if (idle == IDLE_MAX) {
            return FAIL(fault, ERR_PEER, "checkers end before they have read anything");
        }
    }
    return ERR_OK;
}

static void
say_unread(const struct submission *submission, struct str end, struct str text)
{
    log_begin(LOG_WARNING, "submission.unread");
    log_uuid("submission", submission->queued.id);
    log_text("end", end);
    log_text("text", text);
    log_end();
}

/* A result that makes no sense is a failed checker, never a failed batch. */
static enum err
understand(struct bench *bench, struct batch *batch, struct submission *submission,
           const struct checker_link_answer *answer, struct fault *fault)
{
    struct checked *checked = ARENA_NEW(batch->arena, struct checked, 1);
    struct fault    why = {0};

    if (checked == NULL) {
        return FAIL(fault, ERR_MEMORY, "what was read");
    }
    if (answer->end != CHECKER_LINK_DONE) {
        say_unread(submission, str_of(checker_link_end_text(answer->end)), answer->text);
        return stage_count_attempt(bench, submission, fault);
    }
    enum err got = checked_decode(batch->arena, answer->bytes, submission->bytes.size,
                                  bench->definitions.catalogue, checked, &why);
    if (got == ERR_WIRE) {
        say_unread(submission, str_of(checker_link_end_text(CHECKER_LINK_MALFORMED)),
                   str_of(why.text));
        return stage_count_attempt(bench, submission, fault);
    }
    if (got != ERR_OK) {
        return FAIL(fault, got, "%s", why.text);
    }
    submission->checked = checked;
    return ERR_OK;
}

/* What the store has is not what was received: no checker may see it. */
static enum err
set_damaged_aside(struct bench *bench, struct submission *submission, struct fault *fault)
{
    say_unread(submission, STR("damaged"), STR("the stored bytes are not those received"));
    return stage_count_attempt(bench, submission, fault);
}

/* Its delivery, too, has failed or killed us each time: never again without the operator. */
static enum err
abandon(struct bench *bench, struct submission *submission, struct fault *fault)
{
    const struct filing_news parked = {.kind = FILING_DECIDED, .id = submission->queued.id};
    struct arena            *arena = arena_create(STORE_CALL_MEMORY);
    enum err                 got =
        queue_abandon(bench->store, arena, submission->queued.id, submission->queued.work, fault);

    arena_destroy(arena);
    TRY(got);
    submission->leaving = LEAVING_TRIED;
    metrics_add(METRIC_ABANDONED, 1);
    log_begin(LOG_ERROR, "submission.abandoned");
    log_uuid("submission", submission->queued.id);
    log_number("attempts", submission->queued.attempts);
    log_end();
    bench->neighbours.tell_all(bench->neighbours.self, &parked);
    return ERR_OK;
}

/* Tried often enough: only its delivery is left, whoever was to conclude it before; and after as
 * many attempts at that, nothing. */
static enum err
park(struct bench *bench, struct submission *submission, struct fault *fault)
{
    int attempts_max = (int)bench->config->attempts_max;

    if (!stage_goes_on(submission) || submission->queued.attempts < attempts_max) {
        return ERR_OK;
    }
    if (submission->queued.attempts >= 2 * attempts_max) {
        return abandon(bench, submission, fault);
    }
    stage_park(submission);
    return ERR_OK;
}

enum err
stage_check(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;
    struct reading_list      list = {.count = 0};

    if (!neighbours->ready(neighbours->self)) {
        return FAIL(fault, ERR_PEER, "no signer now");
    }
    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission *submission = &batch->items[i];
        TRY(park(bench, submission, fault));
        if (is_to_be_read(submission) && submission->queued.damaged) {
            TRY(set_damaged_aside(bench, submission, fault));
        } else if (is_to_be_read(submission)) {
            TRY(list_document(&list, submission, fault));
        }
    }
    TRY(read_all(bench, batch, part, &list, fault));
    for (size_t i = 0; i < list.count; i++) {
        TRY(understand(bench, batch, list.submissions[i], &list.documents[i].answer, fault));
    }
    return ERR_OK;
}
