#include "gateway/intake/objected.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/submission/round.h"

static void
count_verdict(const struct submission *submission, const struct concluding *item)
{
    static const enum metric metrics[] = {[VERDICT_UNDECIDED] = METRIC_UNDECIDED,
                                          [VERDICT_ACCEPTED] = METRIC_ACCEPTED,
                                          [VERDICT_HELD] = METRIC_HELD,
                                          [VERDICT_REJECTED] = METRIC_REJECTED};

    if (item->decided != NULL) {
        metrics_add(METRIC_OBJECTIONS, (int64_t)objected_count(item));
        metrics_add(metrics[item->decided->verdict], 1);
    } else if (submission->parked) {
        metrics_add(METRIC_PARKED, 1);
    }
    metrics_observe(DURATION_RECEIPT, item->decided_at - item->queued->arrived);
}

/* A parked one is an alarm; the others are the ordinary record. */
static void
say_concluded(const struct submission *submission, const struct concluding *item)
{
    bool decided = item->decided != NULL;

    log_begin(submission->parked ? LOG_ERROR : LOG_INFO, decided ? "submission.decided"
                                                         : submission->parked
                                                             ? "submission.parked"
                                                             : "submission.delivered");
    log_uuid("submission", item->queued->id);
    if (submission->is_filing) {
        log_uuid("request", submission->filing.request);
    }
    log_number("n", item->n);
    log_text("verdict", str_of(verdict_name(decided ? item->decided->verdict : VERDICT_UNDECIDED)));
    log_number("reports", decided ? (int64_t)item->decided->report_count : 0);
    log_number("receipts", (int64_t)item->receipt_count);
    log_number("log_index", (int64_t)item->log_index);
    log_end();
}

void
round_tell(struct round *round)
{
    struct bench *bench = round->bench;

    for (size_t i = 0; i < round->count; i++) {
        struct submission       *submission = round->submissions[i];
        const struct concluding *item = &round->items[i];
        const struct filing_news decided = {.kind = FILING_DECIDED, .id = item->queued->id};
        bool later = submission->delivery && !submission->parked && !submission->refused;
        submission->leaving = later ? LEAVING_QUEUED : LEAVING_CONCLUDED;
        submission->decided_at = item->decided_at;
        count_verdict(submission, item);
        say_concluded(submission, item);
        if (submission->is_filing) {
            stage_tell(bench, submission, &decided);
        } else {
            bench->neighbours.tell_all(bench->neighbours.self, &decided);
        }
    }
}
