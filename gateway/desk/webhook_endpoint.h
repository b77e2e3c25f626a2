#ifndef GATEWAY_DESK_WEBHOOK_ENDPOINT_H
#define GATEWAY_DESK_WEBHOOK_ENDPOINT_H

#include "gateway/desk/call.h"

/*
 * /api/v1/webhooks: where programs of a unit are told what became of its submissions. The address
 * is judged by its text here, and again by the courier at each connection. The secret for `v1`
 * signatures is shown once, when it is made; the key of `v1a` is the gateway's (GET /api/v1/keys).
 */
MUST_USE enum err webhook_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err webhook_endpoint_make(struct call *call, struct fault *fault);
MUST_USE enum err webhook_endpoint_renew(struct call *call, struct fault *fault);
MUST_USE enum err webhook_endpoint_enable(struct call *call, struct fault *fault);
MUST_USE enum err webhook_endpoint_remove(struct call *call, struct fault *fault);
MUST_USE enum err webhook_endpoint_deliveries(struct call *call, struct fault *fault);
MUST_USE enum err webhook_endpoint_redeliver(struct call *call, struct fault *fault);

#endif
