#ifndef GATEWAY_DESK_ACCOUNT_ENDPOINT_H
#define GATEWAY_DESK_ACCOUNT_ENDPOINT_H

#include "gateway/desk/call.h"

/*
 * /api/v1/account: what a person signs in with. Whoever changes it shows the old password first,
 * and that try is counted as one to sign in. /api/v1/appointments/{id}/restoration: a link back in,
 * for somebody who has lost what they sign in with.
 */
MUST_USE enum err account_endpoint_password(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_authenticator(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_confirm(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_certificates(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_bind(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_unbind(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_offer(struct call *call, struct fault *fault);
MUST_USE enum err account_endpoint_restore(struct call *call, struct fault *fault);

#endif
