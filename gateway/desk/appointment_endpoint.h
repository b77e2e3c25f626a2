#ifndef GATEWAY_DESK_APPOINTMENT_ENDPOINT_H
#define GATEWAY_DESK_APPOINTMENT_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/appointments: who is what, where and until when. */
MUST_USE enum err appointment_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err appointment_endpoint_show(struct call *call, struct fault *fault);
MUST_USE enum err appointment_endpoint_limit(struct call *call, struct fault *fault);
MUST_USE enum err appointment_endpoint_end(struct call *call, struct fault *fault);

#endif
