#ifndef GATEWAY_DESK_TRAIL_ENDPOINT_H
#define GATEWAY_DESK_TRAIL_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/trail: who changed what, newest first. The auditor sees all of it, others what happened
 * at the places that they look after. */
MUST_USE enum err trail_endpoint_list(struct call *call, struct fault *fault);

#endif
