#ifndef GATEWAY_DESK_UNIT_CALL_H
#define GATEWAY_DESK_UNIT_CALL_H

#include "gateway/desk/entry.h"
#include "gateway/registry/event.h"

/* What the endpoints of units have in common. */

/* The unit of the path, if this action is theirs to do with it; refused otherwise. */
MUST_USE enum err unit_call_find(struct call *call, enum permission_action action,
                                 struct registry_unit *out, struct fault *fault);
/* The same, held until the transaction ends, from before it is read. */
MUST_USE enum err unit_call_hold(struct call *call, enum permission_action action,
                                 struct registry_unit *out, struct fault *fault);
/* The unit of a REGON that the body names, the same. Refused when it is not there. */
MUST_USE enum err unit_call_named(struct call *call, struct str regon,
                                  enum permission_action action, struct registry_unit *out,
                                  struct fault *fault);

/* In the trail of units a person stands by their id, a program as "token/12". */
MUST_USE enum err unit_call_sign(struct call *call, struct str basis, struct fault *fault);

/* Refused, when If-Match names another one than the unit, which is held, is now. */
MUST_USE enum err unit_call_match(struct call *call, int64_t unit, struct fault *fault);

/* What was written was written, or is refused in the words of the registry. */
MUST_USE enum err unit_call_answer(struct call *call, int status, const struct registry_unit *unit,
                                   enum err got, struct fault *fault);

/* How often a unit, whoever serves it and its successors were changed: its ETag. */
MUST_USE enum err unit_call_revision(struct call *call, int64_t unit, int64_t *out,
                                     struct fault *fault);
void              unit_call_tag(struct call *call, int64_t revision);

#endif
