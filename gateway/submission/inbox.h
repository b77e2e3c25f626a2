#ifndef GATEWAY_SUBMISSION_INBOX_H
#define GATEWAY_SUBMISSION_INBOX_H

#include "gateway/submission/batch.h"
#include "gateway/submission/links.h"
#include "gateway/ticks/ticks.h"

/*
 * What the fronts have sent: filings go into a batch as long as it has room, the rest (validations,
 * receipts to be verified) is put aside until no filing waits, or it has waited too long. One
 * message of each front in turn, so that none waits for another.
 */
enum { INBOX_ERRANDS_MAX = 64, INBOX_ERRAND_WAIT_MS = 1000 };

/* A message of a front with its document, taken out of the link. */
struct letter {
    struct filing filing;
    unsigned      front;
    int           document; /* -1: none */
    int64_t       taken_ms; /* of ticks_ms */
};

struct inbox {
    struct links *links;
    struct letter errands[INBOX_ERRANDS_MAX]; /* oldest first; their keys are empty */
    size_t        errand_count;
    struct letter carried; /* a filing that had no room in the batch before */
    bool          has_carried;
    char          carried_key[FILING_KEY_MAX + 1];
    char          carried_objection[FILING_OBJECTION_MAX + 1];
    char          carried_reason[FILING_OBJECTION_REASON_MAX + 1];
};

/* Fill an empty batch with the filings that are here now, as many as its limits allow. */
MUST_USE enum err inbox_fill(struct inbox *inbox, struct batch *batch,
                             const struct batch_limits *limits, struct fault *fault);

/* Take the oldest errand; busy: only if it has waited for INBOX_ERRAND_WAIT_MS. False when there is
 * none. Its document is the caller's. */
MUST_USE bool inbox_errand(struct inbox *inbox, bool busy, struct letter *out);

/* Close what was taken and not given on. */
void inbox_close(struct inbox *inbox);

#endif
