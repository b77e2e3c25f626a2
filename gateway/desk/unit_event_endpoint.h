#ifndef GATEWAY_DESK_UNIT_EVENT_ENDPOINT_H
#define GATEWAY_DESK_UNIT_EVENT_ENDPOINT_H

#include "gateway/desk/call.h"

/*
 * /api/v1/units/{regon}/...: what happens to a JST's own units on a day and with a ground: another
 * name, number, kind or place in the tree; a successor; the end of what a CUW does for it. Both a
 * unit and its successor must be theirs: what crosses the border of a JST, the operator enters.
 */
MUST_USE enum err unit_event_endpoint_show(struct call *call, struct fault *fault);
MUST_USE enum err unit_event_endpoint_change(struct call *call, struct fault *fault);
MUST_USE enum err unit_event_endpoint_succeed(struct call *call, struct fault *fault);
MUST_USE enum err unit_event_endpoint_release(struct call *call, struct fault *fault);

#endif
