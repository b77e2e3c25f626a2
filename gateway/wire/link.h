#ifndef GATEWAY_WIRE_LINK_H
#define GATEWAY_WIRE_LINK_H

#include "gateway/wire/wire.h"

#include <stdbool.h>

/* Which role stands at the other end of a socket that the supervisor hands over (WIRE_LINK). */
enum role_kind {
    ROLE_SUPERVISOR = 0,
    ROLE_FRONT,
    ROLE_WORKER,
    ROLE_CHECKER,
    ROLE_SIGNER,
    ROLE_READER,
    ROLE_DESK,
    ROLE_COURIER,
    ROLE_KIND_COUNT
};

enum { LINK_SLOTS_MAX = 16 }; /* processes of one role, at most */

struct link {
    enum role_kind peer;
    unsigned       slot; /* which of the peer's processes: 0 .. LINK_SLOTS_MAX - 1 */
};

void          link_encode(struct buf *out, const struct link *link);
MUST_USE bool link_decode(struct str body, struct link *out);

const char *role_kind_name(enum role_kind role); /* "worker" */

#endif
