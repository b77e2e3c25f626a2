#ifndef GATEWAY_SUBMISSION_NEIGHBOURS_H
#define GATEWAY_SUBMISSION_NEIGHBOURS_H

#include "gateway/checker/checker_link.h"
#include "gateway/receipt/receipt.h"
#include "gateway/wire/filing.h"
#include "validators/base/moment.h"

/*
 * The other processes as the stages see them: function calls. The worker's own cross to the
 * checker, the signer, the front and the supervisor (links.h); tests have twins in one process.
 */

/* A document to be read, and what came of it. */
struct unread {
    enum job_kind              kind;
    int                        document; /* a sealed blob; the caller's */
    uint64_t                   size;
    moment                     at;
    struct checker_link_answer answer; /* filled */
};

/* Receipts to be signed together; at is their SigningTime. */
struct unsealed {
    const struct receipt_facts *facts;
    size_t                      count;
    instant                     at;
};

struct neighbours {
    void *self;

    /*
     * Have documents read, in order, those that have no answer yet; no further one is begun once
     * budget_ms are over, and none is waited for longer than one deadline beyond, so that the
     * caller can renew its leases. What a document does to its checker is its answer. ERR_PEER:
     * there is no checker, those without an answer were not read.
     */
    enum err (*check)(void *self, struct arena *arena, struct unread *documents, size_t count,
                      int budget_ms, struct fault *fault);

    /* Have receipts signed. ERR_PEER: there is no signer now. */
    enum err (*sign)(void *self, struct arena *arena, const struct unsealed *unsealed,
                     struct str *receipts, struct fault *fault);

    /* Whether there is a signer: without one nothing is begun that it would have to end. */
    bool (*ready)(void *self);

    /* Tell a front; result: JSON, may be empty. A front that is gone is told nothing. */
    void (*tell)(void *self, unsigned front, const struct filing_news *news, struct str result);

    /* Tell all fronts. */
    void (*tell_all)(void *self, const struct filing_news *news);

    /* Whether we are to end: then what is given back is given back for others. */
    bool (*ending)(void *self);

    /* Wait a moment before trying again. ERR_PEER: told to end. */
    enum err (*pause)(void *self, int milliseconds, struct fault *fault);
};

#endif
