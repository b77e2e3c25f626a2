#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/submission/stage.h"

#include <string.h>

static struct arrival
arrival_of(const struct submission *submission)
{
    const struct filing *filing = &submission->filing;
    struct arrival       arrival = {.id = filing->id,
                                    .subject = filing->subject,
                                    .credential = filing->credential,
                                    .appointment = filing->appointment,
                                    .key = filing->key,
                                    .bytes = submission->bytes,
                                    .first_byte = filing->first_byte,
                                    .last_byte = filing->last_byte,
                                    .strict = filing->strict,
                                    .objection = filing->objection,
                                    .objection_reason = filing->objection_reason};

    memcpy(arrival.sha256, filing->sha256, sizeof arrival.sha256);
    return arrival;
}

/* What the front has hashed is not what is here: a fault of ours, and nothing that may be kept. */
static void
refuse_damaged(struct bench *bench, struct submission *submission)
{
    const struct filing_news failed = {.kind = FILING_FAILED, .id = submission->filing.id};

    log_begin(LOG_ERROR, "worker.document_refused");
    log_uuid("submission", submission->filing.id);
    log_text("text", STR("the digest of the front is not that of the document"));
    log_end();
    submission->leaving = LEAVING_TRIED;
    stage_tell(bench, submission, &failed);
}

/* The digest is identity, stands on receipts and in the log: it is computed by whoever vouches for
 * it, not believed. */
static enum err
verify_digests(struct bench *bench, struct batch *batch, const struct part *part,
               struct fault *fault)
{
    for (size_t i = part->from; i < part->from + part->count; i++) {
        struct submission *submission = &batch->items[i];
        unsigned char      sha256[FINGERPRINT_SIZE];
        if (!stage_goes_on(submission)) {
            continue;
        }
        TRY(fingerprint_of(submission->bytes, sha256, fault));
        if (!fingerprint_equal(sha256, submission->filing.sha256)) {
            refuse_damaged(bench, submission);
        }
    }
    return ERR_OK;
}

static enum err
admit(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    struct arrival         arrivals[BATCH_DOCUMENTS_MAX];
    struct admitted        admitted[BATCH_DOCUMENTS_MAX];
    size_t                 places[BATCH_DOCUMENTS_MAX];
    struct admission_batch admission = {.arrivals = arrivals, .lease = bench->lease};

    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (stage_goes_on(&batch->items[i])) {
            arrivals[admission.count] = arrival_of(&batch->items[i]);
            places[admission.count] = i;
            admission.count++;
        }
    }
    TRY(admission_run(bench->store, batch->arena, &admission, admitted, fault));
    for (size_t i = 0; i < admission.count; i++) {
        batch->items[places[i]].admitted = admitted[i];
    }
    return ERR_OK;
}

/* What the store says of those that are new, as a row of the queue would. */
static enum err
look(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    struct uuid    ids[BATCH_DOCUMENTS_MAX];
    size_t         places[BATCH_DOCUMENTS_MAX];
    size_t         count = 0;
    struct queued *rows = ARENA_NEW(batch->arena, struct queued, part->count);

    if (rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu rows of the queue", part->count);
    }
    for (size_t i = part->from; i < part->from + part->count; i++) {
        if (batch->items[i].admitted.admission == ADMISSION_NEW) {
            ids[count] = batch->items[i].admitted.id;
            places[count] = i;
            count++;
        }
    }
    if (count == 0) {
        return ERR_OK;
    }
    TRY(queue_look(bench->store, batch->arena, ids, count, rows, fault));
    for (size_t i = 0; i < count; i++) {
        batch->items[places[i]].queued = rows[i];
    }
    return ERR_OK;
}

static void
tell_admitted(struct bench *bench, struct submission *submission)
{
    const struct filing_news admitted = {.kind = FILING_ADMITTED, .id = submission->admitted.id};

    metrics_add(METRIC_ADMITTED, 1);
    stage_tell(bench, submission, &admitted);
    if (bench->receive_only) {
        submission->delivery = true;
        submission->reason = STR("wpłynęło więcej plików, niż brama zdąży teraz sprawdzić; ten "
                                 "plik sprawdzi później, data wpływu się nie zmieni");
    }
}

/* Handed over a second time: it is in the store, and ours at once if nobody else's. */
static void
tell_again(struct bench *bench, struct submission *submission)
{
    const struct filing_news admitted = {.kind = FILING_ADMITTED, .id = submission->admitted.id};
    const struct filing_news decided = {.kind = FILING_DECIDED, .id = submission->admitted.id};

    stage_tell(bench, submission, &admitted);
    if (submission->admitted.final) {
        stage_tell(bench, submission, &decided);
        submission->leaving = LEAVING_ANSWERED;
    } else {
        submission->leaving = LEAVING_QUEUED;
        bench->hurry = true;
    }
}

static void
tell_repeat(struct bench *bench, struct submission *submission)
{
    const struct filing_news repeat = {.kind = FILING_REPEAT,
                                       .id = submission->admitted.id,
                                       .decided = submission->admitted.final,
                                       .by_key =
                                           submission->admitted.admission == ADMISSION_REPEAT_KEY};

    metrics_add(METRIC_REPEATED, 1);
    stage_tell(bench, submission, &repeat);
    submission->leaving = LEAVING_ANSWERED;
}

static void
tell_refused(struct bench *bench, struct submission *submission)
{
    static const enum filing_news_kind kinds[] = {
        [ADMISSION_KEY_REUSED] = FILING_KEY_REUSED,
        [ADMISSION_EXPIRED] = FILING_EXPIRED,
        [ADMISSION_REVOKED] = FILING_REVOKED,
    };
    const struct filing_news refused = {.kind = kinds[submission->admitted.admission]};

    stage_tell(bench, submission, &refused);
    submission->leaving = LEAVING_ANSWERED;
}

static void (*const tellers[])(struct bench *, struct submission *) = {
    [ADMISSION_NEW] = tell_admitted,       [ADMISSION_AGAIN] = tell_again,
    [ADMISSION_REPEAT_KEY] = tell_repeat,  [ADMISSION_REPEAT_BODY] = tell_repeat,
    [ADMISSION_KEY_REUSED] = tell_refused, [ADMISSION_EXPIRED] = tell_refused,
    [ADMISSION_REVOKED] = tell_refused,
};

enum err
stage_admit(struct bench *bench, struct batch *batch, const struct part *part, struct fault *fault)
{
    FAILPOINT_REACH(ADMIT_BEGIN);
    TRY(verify_digests(bench, batch, part, fault));
    TRY(admit(bench, batch, part, fault));
    FAILPOINT_REACH(ADMIT_AFTER_COMMIT);
    TRY(look(bench, batch, part, fault));
    for (size_t i = part->from; i < part->from + part->count; i++) {
        enum admission admission = batch->items[i].admitted.admission;
        if (stage_goes_on(&batch->items[i])) {
            ENSURE((size_t)admission < ARRAY_COUNT(tellers) && tellers[admission] != NULL);
            tellers[admission](bench, &batch->items[i]);
        }
    }
    FAILPOINT_REACH(ADMIT_TOLD);
    return ERR_OK;
}
