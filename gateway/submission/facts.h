#ifndef GATEWAY_SUBMISSION_FACTS_H
#define GATEWAY_SUBMISSION_FACTS_H

#include "gateway/intake/conclusion.h"
#include "gateway/receipt/receipt.h"

/*
 * From a submission that is being concluded to the facts of its receipts (design.md 7): for the
 * sender a summary when the package has more than one unit, or none that can be told; then one for
 * each unit that has reports. A delivery gives one, for the sender. Their order is that of the
 * ordinals in the decision, and serial = log index * FACTS_RECEIPTS_MAX + ordinal. Pure.
 */
enum { FACTS_RECEIPTS_MAX = 8192 };

/* What is the same on all receipts of this gateway. */
struct facts_frame {
    struct str environment; /* "TEST", "PROD" */
    struct str receiver;
    struct str note;
};

/* The note is that of the definitions. */
struct facts_frame facts_frame_of(enum environment environment, struct str receiver,
                                  const struct bundle *bundle);

/* The earliest moment at which the sender is known to have tried with these bytes. */
instant facts_first_attempt(const struct queued *queued);

struct dossier {
    struct receipt_facts     *facts;
    struct concluded_receipt *receipts; /* numbers, kinds and units; bytes come from the signer */
    size_t                    count;
};

/*
 * item as conclusion_head leaves it. Texts are borrowed from it. ERR_MEMORY. Where neither unit nor
 * sender has a REGON that can be one, the number is made with RECEIPT_NUMBER_NOBODY.
 */
MUST_USE enum err facts_make(struct arena *arena, const struct facts_frame *frame,
                             const struct concluding *item, struct dossier *out,
                             struct fault *fault);

#endif
