#ifndef GATEWAY_SUBMISSION_LINKS_H
#define GATEWAY_SUBMISSION_LINKS_H

#include "gateway/role/role.h"
#include "gateway/submission/neighbours.h"

/*
 * The worker's ends to its neighbours, as the supervisor hands them over and replaces them. A
 * neighbour that is gone has end -1 until the next order.
 */
struct links {
    struct role_context *context;
    int                  fronts[LINK_SLOTS_MAX];
    int                  signer;
    int                  checker;
    int64_t              checker_documents; /* given to this checker */
    int64_t              checker_gone_ms;   /* since when there is none */
    struct job_material  material;          /* ours: a checker must have the same */
    struct str           bundle;            /* of our definitions, when a release; else empty */
    bool                 checker_told;      /* of that bundle */
    bool                 stopping;          /* finish what is at hand */
    struct fault         broken;            /* why we cannot go on with a neighbour that lives */
};

struct links links_create(struct role_context *context);

/* The neighbours behind these links. */
struct neighbours links_neighbours(struct links *links);

/*
 * A neighbour that lives cannot be talked with any more. Its link would never be made again: the
 * next links_wait fails with this fault, and the role ends to be started and linked anew.
 */
void links_break(struct links *links, const struct fault *why);

/*
 * Wait at most timeout_ms for something to do: an order (taken here), a message of a front, the end
 * of a checker or signer (noticed here). Fails with what links_break was told.
 */
MUST_USE enum err links_wait(struct links *links, int timeout_ms, struct fault *fault);

/*
 * Wait at most milliseconds (and a second) for the checker to say something, or to end: *here. A
 * pulse, and orders meanwhile. ERR_PEER: to end.
 */
MUST_USE enum err links_await_checker(struct links *links, int milliseconds, bool *here,
                                      struct fault *fault);

/* Wait for orders alone, until milliseconds have passed or an order has come. ERR_PEER: to end. */
MUST_USE enum err links_pause(struct links *links, int milliseconds, struct fault *fault);

/* Whether a front has sent something that was not taken yet, or has ended. */
bool links_has_message(const struct links *links, unsigned front);

/* A checker or front that is gone, or that the supervisor was told to replace. */
void links_drop_checker(struct links *links);
void links_drop_front(struct links *links, unsigned front);

void links_close(struct links *links);

#endif
