#ifndef GATEWAY_DESK_TOKEN_ENDPOINT_H
#define GATEWAY_DESK_TOKEN_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/tokens: what programs show. A token is told once, when it is made. */
MUST_USE enum err token_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err token_endpoint_make(struct call *call, struct fault *fault);
MUST_USE enum err token_endpoint_revoke(struct call *call, struct fault *fault);

#endif
