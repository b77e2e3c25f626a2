#ifndef GATEWAY_REPLAY_REPLAY_REMARKS_H
#define GATEWAY_REPLAY_REPLAY_REMARKS_H

#include "gateway/replay/replay.h"

/* The remarks of one replay while it goes on; beyond REPLAY_REMARKS_MAX they are only counted. */
struct replay_remarks {
    struct arena         *arena;
    struct replay_remark *items; /* room for REPLAY_REMARKS_MAX */
    size_t                count;
    size_t                more;
    enum replay_state     worst;
};

/* ERR_MEMORY. Texts are copied and clipped. */
MUST_USE enum err replay_remarks_missing(struct replay_remarks *remarks, struct str what,
                                         struct fault *fault);
MUST_USE enum err replay_remarks_differ(struct replay_remarks *remarks, struct str what,
                                        struct str recorded, struct str again, struct fault *fault);

#endif
