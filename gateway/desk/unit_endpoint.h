#ifndef GATEWAY_DESK_UNIT_ENDPOINT_H
#define GATEWAY_DESK_UNIT_ENDPOINT_H

#include "gateway/desk/call.h"

/* /api/v1/units: a JST keeps its own units: adds them, closes them unless somebody else has changed
 * them meanwhile, gives their books to a CUW. */
MUST_USE enum err unit_endpoint_add(struct call *call, struct fault *fault);
MUST_USE enum err unit_endpoint_close(struct call *call, struct fault *fault);
MUST_USE enum err unit_endpoint_serve(struct call *call, struct fault *fault);

#endif
