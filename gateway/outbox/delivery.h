#ifndef GATEWAY_OUTBOX_DELIVERY_H
#define GATEWAY_OUTBOX_DELIVERY_H

#include "gateway/store/store.h"

/*
 * Webhook messages between the outbox and their receivers. What happened is one row of the outbox,
 * written in the same commit; delivery_spread makes one delivery for each endpoint of it, once and
 * for all. A delivery is claimed for a time (the lease), tried, and its end recorded; one whose
 * courier died is due again when the lease is over, under the same webhook_id and with the same
 * bytes. Thin: which submission, which verdict; no amounts and no names.
 */
enum {
    DELIVERY_LEASE_SECONDS = 60, /* longer than any attempt */
    DELIVERY_ATTEMPTS_MAX = 10,  /* the first, and one after each pause */
    DELIVERY_KEPT_DAYS = 30,
    DELIVERY_LINES_MAX = 200,
    DELIVERY_SECRETS = 2,
};

struct delivery {
    int64_t    delivery;
    int64_t    endpoint;
    struct str webhook_id;
    struct str body;
    struct str url;
    int        attempts;                  /* before this one */
    struct str secrets[DELIVERY_SECRETS]; /* that live, the newest first; empty: none */
};

enum delivery_end {
    DELIVERY_DONE,  /* the receiver has it */
    DELIVERY_LATER, /* after a pause, or never more when that was the last attempt */
    DELIVERY_GONE,  /* the receiver wants nothing more: 410 */
};

struct delivery_attempt {
    enum delivery_end end;
    int               status;  /* of HTTP; 0: none */
    struct str        outcome; /* for the log of deliveries, Polish */
    int64_t           ms;
    int64_t           pause_ms; /* LATER; jitter included */
    struct str        reason;   /* why the endpoint is switched off, when it is; Polish */
};

/* What else becomes of a message, as a set: receipts are stamped with the time, because there is an
 * authority that does it; people who have to do something are told by letter, because there is
 * mail. */
enum { DELIVERY_WITHOUT_STAMPS = 0, DELIVERY_WITH_STAMPS = 1, DELIVERY_WITH_LETTERS = 2 };

/* From the outbox to deliveries, receipts to be stamped and notices, at most count_max messages,
 * one statement; *count: how many. */
MUST_USE enum err delivery_spread(struct store *store, struct arena *arena, unsigned also,
                                  int64_t count_max, int64_t *count, struct fault *fault);

/* The same of what has become of obligations: what time alone has made of them is noted first. */
MUST_USE enum err delivery_spread_duties(struct store *store, struct arena *arena,
                                         int64_t count_max, int64_t *count, struct fault *fault);

struct delivery_wish {
    int64_t        count_max;
    const int64_t *busy; /* endpoints that shall not be among them */
    size_t         busy_count;
};

/* Claim what is due, the oldest first, at most one of each endpoint. */
MUST_USE enum err delivery_claim(struct store *store, struct arena *arena,
                                 const struct delivery_wish *wish, struct delivery **out,
                                 size_t *count, struct fault *fault);

/*
 * Record an attempt. The last one that fails ends the delivery as failed and switches the endpoint
 * off; so does GONE. *disabled: that has happened now.
 */
MUST_USE enum err delivery_record(struct store *store, struct arena *arena,
                                  const struct delivery         *delivery,
                                  const struct delivery_attempt *attempt, bool *disabled,
                                  struct fault *fault);

/* Pause before the attempt after this many: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h. */
int64_t delivery_pause_ms(int attempts);

/* Send one again, whatever became of it. found: there is one, and its endpoint is not removed. */
MUST_USE enum err delivery_repeat(struct store *store, struct arena *arena, int64_t delivery,
                                  bool *found, struct fault *fault);

/* Whose it is. found: there is one. */
MUST_USE enum err delivery_endpoint(struct store *store, struct arena *arena, int64_t delivery,
                                    int64_t *endpoint, bool *found, struct fault *fault);

/* What became of the newest deliveries of an endpoint, the newest first; one line an attempt. */
struct delivery_line {
    int64_t    delivery;
    struct str type;
    struct str state;
    instant    at;      /* of the attempt; 0: none yet */
    int64_t    status;  /* of HTTP; 0: none */
    struct str outcome; /* Polish */
    instant    next;    /* of a delivery that waits; 0: it does not */
};

MUST_USE enum err delivery_list(struct store *store, struct arena *arena, int64_t endpoint,
                                struct delivery_line **out, size_t *count, struct fault *fault);

/* Forget what ended more than DELIVERY_KEPT_DAYS ago, and secrets that sign nothing any more: whose
 * day is over, or whose receiver was removed. */
MUST_USE enum err delivery_forget(struct store *store, struct arena *arena, struct fault *fault);

/* For receivers: the key that signs from now on. */
MUST_USE enum err delivery_publish_key(struct store *store, struct arena *arena,
                                       struct str public_key, struct fault *fault);

#endif
