#ifndef GATEWAY_DESK_LETTER_ENDPOINT_H
#define GATEWAY_DESK_LETTER_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/account/letters: which letters a person does not want. */
MUST_USE enum err letter_endpoint_show(struct call *call, struct fault *fault);
MUST_USE enum err letter_endpoint_mute(struct call *call, struct fault *fault);

#endif
