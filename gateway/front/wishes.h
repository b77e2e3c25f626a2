#ifndef GATEWAY_FRONT_WISHES_H
#define GATEWAY_FRONT_WISHES_H

#include "gateway/config/config.h"
#include "gateway/front/request.h"

/*
 * What a request asks for beside its path and its body: how long to wait, ?strict=, ?partial=,
 * ?objection=.
 * What cannot be kept is refused before a body is taken.
 */
struct wishes_refusal {
    enum problem problem;
    struct str   detail;
};

/* prefer: the header of that name. False: *refusal says why. */
MUST_USE bool wishes_read(const struct config *config, struct request *request, struct str prefer,
                          struct wishes_refusal *refusal);

/* Names of the parameters that the front takes with an action, space-separated; NULL: others judge
 * them. */
const char *wishes_known(enum route_action action);

#endif
