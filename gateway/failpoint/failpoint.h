#ifndef GATEWAY_FAILPOINT_FAILPOINT_H
#define GATEWAY_FAILPOINT_FAILPOINT_H

#include "validators/base/err.h"

#include <stdint.h>

/*
 * Places at which a test can hold a role, to kill it or another one there. In what users run
 * (BRAMA_FAILPOINTS not defined) FAILPOINT is nothing at all.
 *
 * The test makes a file of sizeof(struct failpoint_page) bytes and names it in the environment
 * variable BRAMA_FAILPOINTS; the supervisor maps it and hands it to every role. The test writes
 * `armed` (enum failpoint) last. A role that reaches the armed point for the `skip`-th time more
 * sets `pid`, then `reached`, and waits there until it is killed or `armed` or `turn` changes: a
 * test that may arm the same point again at once adds one to `turn`, so that nobody stays behind.
 */
enum failpoint {
    FAILPOINT_NONE = 0,
#define FAILPOINT(name) FAILPOINT_##name,
#include "gateway/failpoint/failpoint.def"
#undef FAILPOINT
    FAILPOINT_COUNT
};

struct failpoint_page {
    _Atomic uint32_t armed;
    _Atomic uint32_t skip;
    _Atomic uint32_t reached; /* the point at which a role waits now */
    _Atomic uint32_t pid;     /* of that role */
    _Atomic uint32_t turn;
};

const char *failpoint_name(enum failpoint point); /* "ADMIT_BEGIN" */

/* Use this mapped page from now on; NULL: none. */
void failpoint_use(struct failpoint_page *page);

/* Map the page behind a descriptor. ERR_SYSTEM. */
MUST_USE enum err failpoint_map(int fd, struct failpoint_page **out, struct fault *fault);

void failpoint_reach(enum failpoint point);

#ifdef BRAMA_FAILPOINTS
#define FAILPOINT_REACH(name) failpoint_reach(FAILPOINT_##name)
#else
#define FAILPOINT_REACH(name) ((void)0)
#endif

#endif
