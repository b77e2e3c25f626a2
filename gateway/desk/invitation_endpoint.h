#ifndef GATEWAY_DESK_INVITATION_ENDPOINT_H
#define GATEWAY_DESK_INVITATION_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/invitations and /api/v1/delegations: how people come in, and who stands in for whom. */
MUST_USE enum err invitation_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err invitation_endpoint_make(struct call *call, struct fault *fault);
MUST_USE enum err invitation_endpoint_accept(struct call *call, struct fault *fault);
MUST_USE enum err invitation_endpoint_revoke(struct call *call, struct fault *fault);
MUST_USE enum err invitation_endpoint_delegate(struct call *call, struct fault *fault);

#endif
