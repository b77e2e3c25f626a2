#ifndef GATEWAY_INTAKE_QUEUE_H
#define GATEWAY_INTAKE_QUEUE_H

#include "gateway/store/store.h"
#include "validators/decision/objection.h"

/*
 * What is admitted and not concluded, and work rows: taken by leases, so that whatever a dead
 * worker left is taken up by the next one. A worker's owner name stays the same over its restarts,
 * and the supervisor never runs two of one name: what has its own name is its own at once, what has
 * another's when the lease is over. Leases are counted by the database's clock.
 */
struct queued {
    struct uuid      id;
    int64_t          work;     /* of a work row; 0: an ordinary submission */
    struct str       cause;    /* of the work row: "retry", "unit-registered", "earlier-decided" */
    int              attempts; /* before this one */
    int              given_back; /* put off so often */
    int              n;          /* newest decision or delivery so far */
    int              decided_n;  /* newest decision so far; 0: nothing is decided */
    int64_t          subject;
    int64_t          credential;
    unsigned char    sha256[32];
    uint64_t         size;
    instant          first_byte; /* offset included, as stored */
    instant          arrived;
    struct uuid      follows; /* nil: none */
    instant          first_arrived;
    struct str       subject_name;
    struct str       subject_regon;
    bool             strict;
    struct objection objection; /* what its sender objects to */
    bool       damaged; /* taken, but the stored bytes are not what was received: never judge */
    struct str bytes;   /* decompressed; empty unless asked for */
};

/* Who holds rows, and for how long from now. */
struct lease {
    struct str owner; /* "node/slot" */
    int        seconds;
};

/* What a worker has room for. */
struct queue_wish {
    struct lease lease;
    size_t       count_max; /* 1 .. QUEUE_TAKE_MAX */
    size_t       bytes_max; /* of the documents together; one alone may be longer */
    bool         alone;     /* one at a time, and marked so in the store until it is given back */
    bool         reborn;    /* what we died over, alone: one more attempt at it is counted */
};

enum {
    QUEUE_TAKE_MAX = 64,
    QUEUE_GIVEN_BACK_MAX = 3, /* put off so often, a row is taken alone */
};

/*
 * Take rows whose lease is over or whose owner we are, oldest first, with their documents. Rows
 * tried before, or put off QUEUE_GIVEN_BACK_MAX times, come alone. At most a quarter of the room
 * (at least one) is for work rows, so that they and the submissions never starve each other; of one
 * submission there is one work row at a time. Commits.
 *
 * A submission taken alone is in the state 'checking' until it is given back or concluded, any
 * other stays 'received'. So a reborn worker that finds one of its own in 'checking' has died while
 * that one was all it had: an attempt is counted as it is taken. Of a work row its owner alone says
 * so.
 */
MUST_USE enum err queue_take(struct store *store, struct arena *arena,
                             const struct queue_wish *wish, struct queued **out, size_t *count,
                             struct fault *fault);

/* The rows of these ids, without documents, as they stand: after admission. Same order as ids.
 * ERR_STORE when one does not exist. */
MUST_USE enum err queue_look(struct store *store, struct arena *arena, const struct uuid *ids,
                             size_t count, struct queued *out, struct fault *fault);

/* Hold on to these (and to their work rows) from now on; what has another owner is left alone.
 * Commits. */
MUST_USE enum err queue_renew(struct store *store, struct arena *arena, const struct uuid *ids,
                              size_t count, const struct lease *lease, struct fault *fault);

/*
 * Count one more attempt at a submission (or, when not 0, at a work row) that was alone; its lease
 * ends now. *attempts: so far; 0 when it is not open any more. Commits.
 */
MUST_USE enum err queue_count_attempt(struct store *store, struct arena *arena, struct uuid id,
                                      int64_t work, int *attempts, struct fault *fault);

/*
 * Park a submission (or end a work row) for which nothing could be concluded: no decision, no
 * receipt, no further attempt until an operator asks for one. Commits.
 */
MUST_USE enum err queue_abandon(struct store *store, struct arena *arena, struct uuid id,
                                int64_t work, struct fault *fault);

/* Give back what has this owner, for whoever takes it next: it waits for a JST, or we are to end.
 * Commits. */
MUST_USE enum err queue_release(struct store *store, struct arena *arena, const struct uuid *ids,
                                size_t count, struct str owner, struct fault *fault);

/*
 * Give back what could not be concluded now for a reason that is not the document's: nobody takes
 * it for a while (0.2 s, twice as long each time, 30 s at most), so that newer ones have their
 * turn. No attempt is counted, unless it has failed so alone while the log has grown since it did
 * so before: what only one submission suffers from is its own. Commits.
 */
MUST_USE enum err queue_put_off(struct store *store, struct arena *arena, const struct uuid *ids,
                                size_t count, struct str owner, struct fault *fault);

/* How many are admitted and not concluded. */
MUST_USE enum err queue_backlog(struct store *store, struct arena *arena, int64_t *count,
                                struct fault *fault);

#endif
