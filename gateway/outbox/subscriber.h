#ifndef GATEWAY_OUTBOX_SUBSCRIBER_H
#define GATEWAY_OUTBOX_SUBSCRIBER_H

#include "gateway/store/store.h"

/*
 * Who is told by webhook: an address of one unit, told of what that unit and the units below it
 * file and owe. Knows nothing of how a message gets there. Rows are never deleted: one that is
 * removed is told nothing more, its log stays until it is old.
 */
enum {
    SUBSCRIBER_URL_MAX = 1000,
    SUBSCRIBER_LABEL_MAX = 200,
    SUBSCRIBER_UNIT_MAX = 20, /* of one unit, as people enter them */
    SUBSCRIBER_SECRET_SIZE = 32,
    SUBSCRIBER_SECRET_HOURS = 24, /* that the one before the newest lives on */
};

struct subscriber {
    int64_t    endpoint;
    int64_t    unit;
    struct str regon; /* of the unit */
    struct str url;
    struct str events; /* words separated by blanks: subscriber_events */
    struct str label;
    instant    disabled; /* 0: it is not */
    struct str reason;   /* why it is */
    int64_t    waiting;  /* deliveries */
    instant    created;
    instant    secret_since; /* 0: it has none */
};

/* Every event that can be asked for, separated by blanks; and those that are told when nobody says
 * which: what became of submissions. Of obligations is told who asks for it. */
struct str subscriber_events(void);
struct str subscriber_usual_events(void);

/*
 * NULL when a webhook may be sent there as far as its text says; else what is wrong, the end of a
 * Polish sentence. https with a host, an optional port, a path in printable ASCII; no name and
 * password, no fragment. What the host's addresses are is asked at every connection, not here.
 */
const char *subscriber_url_fault(struct str url);

/*
 * The same of its host, for one that a stranger enters: an address must be public, a name must not
 * be this machine's. Of a good url.
 */
const char *subscriber_host_fault(struct str url);

/* Of url, events, label and unit; the number in *out. The caller commits. */
MUST_USE enum err subscriber_add(struct store *store, struct arena *arena,
                                 const struct subscriber *subscriber, int64_t *out,
                                 struct fault *fault);

/* Those not removed, oldest first. */
MUST_USE enum err subscriber_list(struct store *store, struct arena *arena, struct subscriber **out,
                                  size_t *count, struct fault *fault);

MUST_USE enum err subscriber_find(struct store *store, struct arena *arena, int64_t number,
                                  struct subscriber *out, bool *found, struct fault *fault);

/* A new secret from now on; the one before lives on for a day, earlier ones end. */
MUST_USE enum err subscriber_renew(struct store *store, struct arena *arena, int64_t endpoint,
                                   const unsigned char secret[SUBSCRIBER_SECRET_SIZE],
                                   struct fault       *fault);

/* found: there is one of this number. Enabling sends what waits at once. */
MUST_USE enum err subscriber_remove(struct store *store, struct arena *arena, int64_t endpoint,
                                    bool *found, struct fault *fault);
MUST_USE enum err subscriber_enable(struct store *store, struct arena *arena, int64_t endpoint,
                                    bool *found, struct fault *fault);

#endif
