#ifndef GATEWAY_SUBMISSION_STAGE_H
#define GATEWAY_SUBMISSION_STAGE_H

#include "gateway/submission/batch.h"
#include "gateway/submission/bench.h"
#include "gateway/submission/halving.h"

/*
 * The way of a submission (design.md 4): one direction, one table. A stage works on one part of the
 * batch, reads what earlier ones have filled, fills its own fields, and passes over submissions
 * that have left. It fails as a whole or not at all; what to do then is the runner's alone:
 *
 *   - the connection was lost, or the database asks to try again: once more, a few times, with a
 *     pause. Nothing is counted, and what may have been committed is looked up, never guessed.
 *   - a neighbour is away or fails, the database is not what we need, or we are to end: what is
 *     admitted stays in the queue, put off for a while (queue_put_off): what one submission alone
 *     suffers from, again and again, counts as its own in the end.
 *   - anything else: the part is halved, down to the one submission that is to blame, whose attempt
 *     is counted; after the last one it is parked, with a receipt of delivery. When not even that
 *     can be concluded after as many attempts again, it is parked without: an alarm.
 */
enum stage_number { STAGE_ADMIT, STAGE_CHECK, STAGE_DECIDE, STAGE_CONCLUDE, STAGE_COUNT };

/* Lead the batch through the stages from this one on. Whatever happens, all are told. */
void stage_run(struct bench *bench, struct batch *batch, enum stage_number from);

/* The stages; batch->items[part->from .. part->from + part->count). */
typedef enum err stage_work(struct bench *bench, struct batch *batch, const struct part *part,
                            struct fault *fault);

stage_work stage_admit;    /* COMMIT: arrival, bytes, lease */
stage_work stage_check;    /* the checker reads the documents */
stage_work stage_decide;   /* the registry is asked, findings become verdicts */
stage_work stage_conclude; /* COMMIT: decisions, lines, log, signed receipts */

/* Count an attempt at a submission that failed alone; after the last one only its delivery is left
 * to be concluded, else it leaves. */
MUST_USE enum err stage_count_attempt(struct bench *bench, struct submission *submission,
                                      struct fault *fault);

/* From now on only its delivery is to be concluded, with the words for the person who sent it. */
void stage_park(struct submission *submission);

/* Tell the front what has become of a filing; nothing for a row of the queue. */
void stage_tell(struct bench *bench, const struct submission *submission,
                const struct filing_news *news);

/* Whether there is something left to do for it. */
bool stage_goes_on(const struct submission *submission);

#endif
