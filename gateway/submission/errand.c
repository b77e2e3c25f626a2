#include "gateway/submission/errand.h"

#include "gateway/finding_json/file_json.h"
#include "gateway/log/log.h"
#include "gateway/submission/change.h"
#include "gateway/submission/explaining.h"
#include "gateway/submission/outlook.h"
#include "gateway/submission/set_objecting.h"
#include "gateway/submission/stage.h"
#include "gateway/submission/verification.h"
#include "gateway/wire/blob.h"

enum { ANSWER_MAX = 64 * 1024 * 1024, HTTP_OK = 200 };

/* The document is read by the checker; what it does to it is a fault of ours here. */
static enum err
read_document(struct bench *bench, struct batch *batch, enum job_kind kind, moment at,
              struct str *out, struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;
    struct submission       *submission = &batch->items[0];
    struct unread            document = {
                   .kind = kind, .document = submission->document, .size = submission->filing.size, .at = at};

    TRY(blob_map(batch->arena, submission->document, (size_t)bench->config->body_bytes_max,
                 &submission->bytes, fault));
    TRY(neighbours->check(neighbours->self, batch->arena, &document, 1,
                          (int)bench->config->checker_deadline_ms, fault));
    if (document.answer.end == CHECKER_LINK_NONE) {
        return FAIL(fault, ERR_PEER, "no checker has begun it");
    }
    if (document.answer.end != CHECKER_LINK_DONE) {
        return FAIL(fault, ERR_CHECKER, "%s: %.*s", checker_link_end_text(document.answer.end),
                    STR_ARG(document.answer.text));
    }
    *out = document.answer.bytes;
    return ERR_OK;
}

/* The time now, as a submission would be given it. */
static enum err
look_at_clock(struct bench *bench, struct arena *arena, instant *now, struct fault *fault)
{
    enum err got = conclusion_begin(bench->store, arena, now, fault);

    store_rollback(bench->store);
    return got;
}

static enum err
validate(struct bench *bench, struct batch *batch, struct buf *answer, struct filing_news *news,
         struct fault *fault)
{
    static const struct part whole = {.count = 1};
    struct submission       *submission = &batch->items[0];
    struct checked          *checked = ARENA_NEW(batch->arena, struct checked, 1);
    struct str               bytes = {0};
    struct json              json = json_create(answer);

    (void)news; /* 200, as it stands */
    if (checked == NULL) {
        return FAIL(fault, ERR_MEMORY, "what was read");
    }
    submission->queued.subject = submission->filing.subject;
    TRY(look_at_clock(bench, batch->arena, &submission->queued.arrived, fault));
    TRY(read_document(bench, batch, JOB_PACKAGE, submission->queued.arrived / INSTANT_PER_SECOND,
                      &bytes, fault));
    TRY(checked_decode(batch->arena, bytes, submission->bytes.size, bench->definitions.catalogue,
                       checked, fault));
    submission->checked = checked;
    TRY(stage_decide(bench, batch, &whole, fault));
    const struct file_json file = {
        .sha256 = submission->filing.sha256, .decided = submission->decided, .trust_given = true};
    json_object_begin(&json);
    json_key(&json, "files");
    json_array_begin(&json);
    file_json_write(&json, &file);
    json_array_end(&json);
    TRY(outlook_write(bench, batch, &json, fault));
    json_object_end(&json);
    return ERR_OK;
}

static enum err
verify(struct bench *bench, struct batch *batch, struct buf *answer, struct filing_news *news,
       struct fault *fault)
{
    struct str     bytes = {0};
    struct reading reading = {0};

    (void)news; /* 200, as it stands */
    TRY(read_document(bench, batch, JOB_RECEIPT, 0, &bytes, fault));
    TRY(reading_decode(batch->arena, bytes, &reading, fault));
    return verification_write(bench->store, batch->arena, &reading, answer, fault);
}

typedef enum err errand_work(struct bench *bench, struct batch *batch, struct buf *answer,
                             struct filing_news *news, struct fault *fault);

static errand_work *const workers[] = {
    [FILING_VALIDATE] = validate,        [FILING_VERIFY_RECEIPT] = verify,
    [FILING_WITHDRAW] = change_withdraw, [FILING_REASON] = change_reason,
    [FILING_EXPLAIN] = explaining_one,   [FILING_EXPLAIN_ALL] = explaining_all,
    [FILING_OBJECT] = set_objecting_run,
};

static enum err
answer_errand(struct bench *bench, struct batch *batch, const struct letter *errand,
              struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;
    struct filing_news       news = {.handle = errand->filing.handle,
                                     .kind = FILING_RESULT,
                                     .id = errand->filing.id,
                                     .status = HTTP_OK};
    struct buf               answer = buf_create(batch->arena, ANSWER_MAX);
    struct submission       *submission = batch_add(batch, errand->filing.size);
    size_t                   purpose = (size_t)errand->filing.purpose;

    submission->filing = errand->filing;
    submission->document = errand->document;
    if (bench->store == NULL) {
        return FAIL(fault, ERR_STORE_LOST, "the database has not answered yet");
    }
    ENSURE(purpose < ARRAY_COUNT(workers) && workers[purpose] != NULL);
    TRY(workers[purpose](bench, batch, &answer, &news, fault));
    if (!buf_ok(&answer)) {
        return FAIL(fault, ERR_MEMORY, "the answer of an errand");
    }
    neighbours->tell(neighbours->self, errand->front, &news, buf_str(&answer));
    return ERR_OK;
}

/* Why there is no answer: come again, or our fault. */
static void
tell_failure(struct bench *bench, const struct letter *errand, const struct fault *fault)
{
    const struct neighbours *neighbours = &bench->neighbours;
    bool                     busy = err_kind(fault->code) == ERR_KIND_BUSY;
    const struct filing_news news = {.handle = errand->filing.handle,
                                     .kind = busy ? FILING_BUSY : FILING_FAILED,
                                     .id = errand->filing.id};

    log_begin(LOG_WARNING, "worker.errand_failed");
    log_uuid("request", errand->filing.request);
    log_fault(fault);
    log_end();
    neighbours->tell(neighbours->self, errand->front, &news, (struct str){0});
}

void
errand_run(struct bench *bench, const struct letter *errand)
{
    struct batch batch = {0};
    struct fault fault = {0};

    if (batch_create(&batch, &fault) != ERR_OK) {
        tell_failure(bench, errand, &fault);
        return;
    }
    if (answer_errand(bench, &batch, errand, &fault) != ERR_OK) {
        tell_failure(bench, errand, &fault);
    }
    batch_destroy(&batch); /* and the document */
}
