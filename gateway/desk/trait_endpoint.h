#ifndef GATEWAY_DESK_TRAIT_ENDPOINT_H
#define GATEWAY_DESK_TRAIT_ENDPOINT_H

#include "gateway/desk/call.h"

/*
 * /api/v1/units/{regon}/traits: what a unit has in time and some reports follow from. A JST keeps
 * its own and those below it; nothing is deleted, a trait ends with a day. Duties follow with the
 * next generation.
 */
MUST_USE enum err trait_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err trait_endpoint_add(struct call *call, struct fault *fault);
MUST_USE enum err trait_endpoint_end(struct call *call, struct fault *fault);

#endif
