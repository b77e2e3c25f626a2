#ifndef GATEWAY_OUTBOX_ENDPOINT_H
#define GATEWAY_OUTBOX_ENDPOINT_H

#include "gateway/store/store.h"

/*
 * Who is told by webhook: an address of one unit, told of what that unit and the units below it
 * file. Knows nothing of how a message gets there. Rows are never deleted: one that is removed is
 * told nothing more, its log stays until it is old.
 */
enum { ENDPOINT_URL_MAX = 1000, ENDPOINT_LABEL_MAX = 200 };

struct endpoint {
    int64_t    endpoint;
    int64_t    unit;
    struct str regon; /* of the unit */
    struct str url;
    struct str events; /* words separated by blanks: endpoint_events */
    struct str label;
    instant    disabled; /* 0: it is not */
    struct str reason;   /* why it is */
    int64_t    waiting;  /* deliveries */
};

/* Every event that can be asked for, separated by blanks. */
struct str endpoint_events(void);

/*
 * NULL when a webhook may be sent there as far as its text says; else what is wrong, the end of a
 * Polish sentence. https with a host, an optional port, a path in printable ASCII; no name and
 * password, no fragment. What the host's addresses are is asked at every connection, not here.
 */
const char *endpoint_url_fault(struct str url);

/* Of url, events, label and unit; the number in *out. The caller commits. */
MUST_USE enum err endpoint_add(struct store *store, struct arena *arena,
                               const struct endpoint *endpoint, int64_t *out, struct fault *fault);

/* Those not removed, oldest first. */
MUST_USE enum err endpoint_list(struct store *store, struct arena *arena, struct endpoint **out,
                                size_t *count, struct fault *fault);

/* found: there is one of this number. Enabling sends what waits at once. */
MUST_USE enum err endpoint_remove(struct store *store, struct arena *arena, int64_t endpoint,
                                  bool *found, struct fault *fault);
MUST_USE enum err endpoint_enable(struct store *store, struct arena *arena, int64_t endpoint,
                                  bool *found, struct fault *fault);

#endif
