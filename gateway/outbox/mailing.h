#ifndef GATEWAY_OUTBOX_MAILING_H
#define GATEWAY_OUTBOX_MAILING_H

#include "gateway/store/store.h"

/*
 * Letters between whoever writes them and the relay: claimed for a time (the lease), tried, their
 * end recorded; one whose courier died is due again when the lease is over, under the same
 * Message-ID. What the relay itself cannot do (it is away, it refuses us) is no attempt at a
 * letter. Knows nothing of how a letter looks or travels.
 */
enum {
    MAILING_LEASE_SECONDS = 300, /* longer than any attempt */
    MAILING_ATTEMPTS_MAX = 12,   /* over two days: a mailbox that is full, a greylist */
    MAILING_KEPT_DAYS = 30,
};

struct mailing {
    struct uuid letter;
    struct str  kind; /* "invitation", ... as in courier.letter */
    struct str  email;
    struct str  name;
    struct str  subject; /* empty with a link */
    struct str  body;
    bool        has_link;
    instant     made;
    int         attempts; /* before this one */
};

enum mailing_end {
    MAILING_SENT,  /* the relay has it */
    MAILING_LATER, /* not this one now: after a pause, or refused when that was the last attempt */
    MAILING_WAITS, /* the relay: after a pause, and it counts as no attempt */
    MAILING_REFUSED, /* never */
    MAILING_DROPPED, /* there is nothing to send any more */
};

struct mailing_attempt {
    enum mailing_end end;
    int              status;  /* of SMTP; 0: none came */
    struct str       outcome; /* for a person, Polish; nothing that the relay said */
    int64_t          pause_ms;
};

struct mailing_wish {
    int64_t count_max;
    bool    in_turn; /* no preference: those that were tried least and longest ago */
};

/* Claim what is due: those with links first, then the oldest; or in turn, so that one which always
 * fails does not stand before all others. */
MUST_USE enum err mailing_claim(struct store *store, struct arena *arena,
                                const struct mailing_wish *wish, struct mailing **out,
                                size_t *count, struct fault *fault);

/* Digests that have waited for more than a day are dropped: the next one tells it better. How many.
 */
MUST_USE enum err mailing_drop_stale(struct store *store, struct arena *arena, int64_t *count,
                                     struct fault *fault);

/* *over: it was given up with this attempt. */
MUST_USE enum err mailing_record(struct store *store, struct arena *arena,
                                 const struct mailing         *mailing,
                                 const struct mailing_attempt *attempt, bool *over,
                                 struct fault *fault);

/* Pause before the attempt after this many: 5 min, twice as long each time, 8 h at most. */
int64_t mailing_pause_ms(int attempts);

/* What a letter with a link says; digest: of the secret that this attempt bears. */
struct mailing_link {
    bool       open; /* false: what the letter is about is over, and the rest is empty */
    struct str title;
    struct str place;
    struct str giver;
    instant    until;
};

MUST_USE enum err mailing_open_link(struct store *store, struct arena *arena, struct uuid letter,
                                    struct str digest, struct mailing_link *out,
                                    struct fault *fault);

/* How many letters wait, and for how long the oldest has. */
MUST_USE enum err mailing_backlog(struct store *store, struct arena *arena, int64_t *waiting,
                                  int64_t *oldest_seconds, struct fault *fault);

/* Forget what ended more than MAILING_KEPT_DAYS ago, and links that open nothing any more. */
MUST_USE enum err mailing_forget(struct store *store, struct arena *arena, struct fault *fault);

#endif
