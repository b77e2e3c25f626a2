#ifndef GATEWAY_OUTBOX_MAIL_LOG_H
#define GATEWAY_OUTBOX_MAIL_LOG_H

#include "gateway/store/store.h"

/*
 * Letters as an operator sees them: to whom, of what kind, what became of them, and never what they
 * say. As brama_admin. The caller commits.
 */
enum { MAIL_LOG_LINES_MAX = 200 };

struct mail_log_sum {
    struct str state; /* "waiting", ... as in courier.letter */
    struct str kind;
    int64_t    count;
    int64_t    oldest_seconds; /* since the oldest was made */
};

/* All letters that are kept, by state and kind. */
MUST_USE enum err mail_log_sums(struct store *store, struct arena *arena, struct mail_log_sum **out,
                                size_t *count, struct fault *fault);

struct mail_log_line {
    instant    made;
    struct str kind;
    struct str email;
    struct str state;
    int64_t    attempts;
    int64_t    status; /* of SMTP; 0: none */
    struct str outcome;
    instant    next; /* of one that waits; 0: it does not */
};

/* The newest, at most MAIL_LOG_LINES_MAX. */
MUST_USE enum err mail_log_list(struct store *store, struct arena *arena,
                                struct mail_log_line **out, size_t *count, struct fault *fault);

/* What waits is due at once, but for what is being sent at this moment; so is what was refused for
 * good and may still be worth something: links, and whatever was made within a day. */
MUST_USE enum err mail_log_retry(struct store *store, struct arena *arena, int64_t *count,
                                 struct fault *fault);

/* A letter of a test. */
MUST_USE enum err mail_log_test(struct store *store, struct arena *arena, struct str email,
                                struct fault *fault);

/* Letters of a kind ("digest", "results", "agenda", "endpoint") to a person, off and on. *found
 * false: there is no such person. */
MUST_USE enum err mail_log_mute(struct store *store, struct arena *arena, struct str email,
                                struct str kind, bool *found, struct fault *fault);
MUST_USE enum err mail_log_unmute(struct store *store, struct arena *arena, struct str email,
                                  struct str kind, bool *found, struct fault *fault);

#endif
