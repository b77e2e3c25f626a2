#ifndef GATEWAY_COURIER_TRADE_H
#define GATEWAY_COURIER_TRADE_H

#include "gateway/config/config.h"
#include "gateway/courier/carrier.h"
#include "gateway/courier/webhook.h"
#include "gateway/stamp/stamp.h"
#include "gateway/store/store.h"

/*
 * What each kind of work of the courier (webhooks, time stamps, letters) is given, and how one
 * piece of it comes back. A trade claims what is due and begins exchanges; when one has ended its
 * cargo is told so (gone) and, where there is a database, asked to record it (ended). Between the
 * two nothing is held but the lease of a row.
 */
struct trade_tools {
    const struct config      *config;
    struct store             *store;
    struct carrier           *carrier;
    const struct webhook_key *webhook_key; /* NULL: none */
    const struct stamp_trust *stamp_trust; /* NULL: no time stamps */
    size_t                    stamps_running;
    bool                      stamps_failing;            /* the newest end was a failure */
    int64_t                   told[CARRIER_RUNNING_MAX]; /* endpoints of the webhooks that run */
    size_t                    told_count;
    const char               *mail_password; /* NULL: none */
    size_t                    mails_running;
    int                       mail_failures;  /* of the relay, one after another */
    int64_t                   mail_resume_at; /* after them; by ticks_ms */
};

struct cargo {
    struct arena *arena; /* its own; ended with it */
    /* Once for each that was begun, first and whatever else fails: it runs no more. */
    void (*gone)(struct trade_tools *tools, const struct cargo *cargo);
    /* Not without a store. */
    enum err (*ended)(struct trade_tools *tools, struct cargo *cargo,
                      const struct carrier_answer *answer, struct fault *fault);
    void *load; /* of the trade */
    bool  runs; /* its exchange has begun, so that it comes back */
};

void trade_forget(struct cargo *cargo);

/* Begin the exchange of a cargo; everything that the request borrows lives in the cargo. */
MUST_USE enum err trade_carry(struct trade_tools *tools, struct cargo *cargo,
                              const struct carrier_request *request, struct fault *fault);

/* One row of a claim: fills the cargo and carries it, or ends the row at once without. */
typedef enum err trade_sender(struct trade_tools *tools, struct cargo *cargo, const void *row,
                              struct fault *fault);

struct trade_claim {
    const void   *rows;
    size_t        row_size;
    size_t        count;
    trade_sender *send;
};

/* Up to the first that fails; the rest is due again when its lease is over. */
MUST_USE enum err trade_send(struct trade_tools *tools, const struct trade_claim *claim,
                             struct fault *fault);

/* +-10 % of a pause, so that what failed together does not come again together. */
int64_t trade_jitter(int64_t pause_ms);

#endif
