#ifndef GATEWAY_BRAMAD_SUPERVISOR_H
#define GATEWAY_BRAMAD_SUPERVISOR_H

#include "gateway/bramad/crew.h"

/*
 * The parent of all roles: starts them, links them, starts them again, stops them. One loop over
 * signals, ends of processes and the few words that roles say to it (WIRE_READY, WIRE_RENEW).
 * Parses nothing that comes from outside, has no database and no key but its descriptor.
 *
 * SIGTERM, SIGINT: first those who take work from outside end, then all others, then we; a second
 * one kills. SIGHUP: every process is replaced, one after another, each when all are ready; a
 * worker and its checker together, so that both have loaded the same.
 */
struct supervisor_request {
    struct crew_supplies supplies;
    /* Called once, when every role has said that it can work. */
    void (*when_ready)(void *object);
    /* Called at SIGHUP, before anybody is told to end; when it fails nobody is. NULL: nothing. */
    enum err (*before_recycling)(void *object, struct fault *fault);
    void *object;
};

/*
 * Until it is told to stop; then every process it has started is gone. Signals named above are
 * blocked on return. Fails with ERR_CONFIG or ERR_SYSTEM when it cannot begin at all.
 */
MUST_USE enum err supervisor_run(const struct supervisor_request *request, struct fault *fault);

#endif
