#ifndef GATEWAY_DESK_OBJECTION_ENDPOINT_H
#define GATEWAY_DESK_OBJECTION_ENDPOINT_H

#include "gateway/desk/call.h"

/* Objections to the rules of an office, and what it says of them. */
MUST_USE enum err objection_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err objection_endpoint_show(struct call *call, struct fault *fault);
MUST_USE enum err objection_endpoint_answer(struct call *call, struct fault *fault);

#endif
