#ifndef GATEWAY_OUTBOX_TURNING_H
#define GATEWAY_OUTBOX_TURNING_H

#include "gateway/store/store.h"

/*
 * Sets that have turned: from one state to another. Whatever statement judges a set notes it in the
 * database; here the notes become messages to receivers that asked for them, and notices to people
 * whose reports are charged, each once. Who is told of what, the database says (courier.turned_*).
 */

/* From notes to messages and, with letters, notices; at most count_max, the oldest first. */
MUST_USE enum err turning_spread(struct store *store, struct arena *arena, bool letters,
                                 int64_t count_max, int64_t *count, struct fault *fault);

/* Of a row of courier.set_notice: it may be told now. Of one set a person hears once a day. */
#define TURNING_RIPE(row)                                                            \
    row ".told_at IS NULL AND NOT EXISTS (SELECT FROM courier.set_notice told_today" \
        " WHERE told_today.person = " row ".person AND told_today.set = " row ".set" \
        " AND told_today.told_at >= courier.day_begins(registry.today()))"

/* A report that is charged in a set, or was until it turned. */
struct turning {
    struct str unit;
    struct str form;
    struct str period;
    bool       open;  /* something is still found */
    struct str state; /* of the set; empty: it is not theirs to know */
};

struct turnings {
    const struct turning *items;
    size_t                count;
    int64_t               all;
};

/* What waits for a person, as it stands, and from here on does not. */
MUST_USE enum err turning_take(struct store *store, struct arena *arena, struct uuid person,
                               int64_t count_max, struct turnings *out, struct fault *fault);

#endif
