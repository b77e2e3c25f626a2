#ifndef GATEWAY_OUTBOX_REFUSED_H
#define GATEWAY_OUTBOX_REFUSED_H

#include "gateway/store/store.h"

/*
 * Invitations whose letter was refused for good: whoever made one is told in the next digest, once.
 * What is told and the mark that it was are written in one transaction of the caller's.
 */
struct refused {
    struct uuid letter;
    struct str  name;
    struct str  email;
    struct str  place; /* where they were invited to */
};

struct refused_list {
    const struct refused *items;
    size_t                count;
};

/* Of a person, those that they were not told of, the oldest first. */
MUST_USE enum err refused_of(struct store *store, struct arena *arena, struct uuid person,
                             int64_t count_max, struct refused_list *out, struct fault *fault);

MUST_USE enum err refused_tell(struct store *store, struct arena *arena,
                               const struct refused_list *list, struct fault *fault);

#endif
