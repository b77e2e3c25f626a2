#ifndef GATEWAY_DESK_SESSION_ENDPOINT_H
#define GATEWAY_DESK_SESSION_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/session: signing in and out, and in whose name somebody acts. */
MUST_USE enum err session_endpoint_open(struct call *call, struct fault *fault);
MUST_USE enum err session_endpoint_show(struct call *call, struct fault *fault);
MUST_USE enum err session_endpoint_turn(struct call *call, struct fault *fault);
MUST_USE enum err session_endpoint_close(struct call *call, struct fault *fault);

#endif
