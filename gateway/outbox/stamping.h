#ifndef GATEWAY_OUTBOX_STAMPING_H
#define GATEWAY_OUTBOX_STAMPING_H

#include "gateway/store/store.h"

/*
 * Receipts that wait for their time stamp. Claimed for a time like deliveries; never given up: a
 * time-stamping authority that is down makes them late, and nothing else.
 */
enum { STAMPING_LEASE_SECONDS = 60 };

struct stamping {
    struct str number;
    struct str receipt; /* its bytes */
    int        attempts;
};

MUST_USE enum err stamping_claim(struct store *store, struct arena *arena, int64_t count_max,
                                 struct stamping **out, size_t *count, struct fault *fault);

/* The stamped form beside the receipt; kept twice it is kept once. */
struct stamping_form {
    struct str bytes;
    struct str sha256;
    instant    at; /* as the time stamp says */
};

MUST_USE enum err stamping_keep(struct store *store, struct arena *arena, struct str number,
                                const struct stamping_form *form, struct fault *fault);

/* Not now: again after this pause. */
MUST_USE enum err stamping_postpone(struct store *store, struct arena *arena, struct str number,
                                    int64_t pause_ms, struct fault *fault);

/* How many wait. */
MUST_USE enum err stamping_backlog(struct store *store, struct arena *arena, int64_t *count,
                                   struct fault *fault);

#endif
