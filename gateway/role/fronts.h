#ifndef GATEWAY_ROLE_FRONTS_H
#define GATEWAY_ROLE_FRONTS_H

#include "gateway/role/role.h"
#include "gateway/wire/question.h"

/*
 * The fronts that a role answers (reader, desk): a socket for each slot, as the supervisor hands
 * them over. A front that is gone loses its socket; knows nothing of what is asked.
 */
struct fronts {
    struct role_context *context;
    int                  ends[LINK_SLOTS_MAX]; /* -1: none */
};

/*
 * One turn of a front that can be read. *gone: the front is, which is no failure. Any other failure
 * ends the role, because only its end makes the front answer whoever waits.
 */
typedef enum err fronts_turn(void *object, int front, bool *gone, struct fault *fault);

void fronts_begin(struct fronts *fronts, struct role_context *context);

/* Until the supervisor says stop or is gone: a turn for each front that has something to say. */
MUST_USE enum err fronts_serve(struct fronts *fronts, fronts_turn *turn, void *object,
                               struct fault *fault);

/* What was asked is answered: a long body goes as a blob. */
MUST_USE enum err fronts_reply(struct arena *arena, int front, struct reply *reply,
                               struct fault *fault);

#endif
