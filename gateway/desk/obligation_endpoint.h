#ifndef GATEWAY_DESK_OBLIGATION_ENDPOINT_H
#define GATEWAY_DESK_OBLIGATION_ENDPOINT_H

#include "gateway/desk/call.h"

/*
 * /api/v1/obligations/{id}/...: what whoever answers for a unit says of one of its duties: that
 * there is nothing to report, that it was handed over elsewhere; and taking either back.
 */
MUST_USE enum err obligation_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err obligation_endpoint_nothing(struct call *call, struct fault *fault);
MUST_USE enum err obligation_endpoint_elsewhere(struct call *call, struct fault *fault);
MUST_USE enum err obligation_endpoint_revoke(struct call *call, struct fault *fault);

#endif
