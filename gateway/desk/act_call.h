#ifndef GATEWAY_DESK_ACT_CALL_H
#define GATEWAY_DESK_ACT_CALL_H

#include "gateway/desk/entry.h"
#include "gateway/obligation/act_entry.h"

/* What the endpoints about duties have in common: an act of the one who asks, and its answer. */

/* by: the person, basis: a member of the body; refused without it. */
MUST_USE enum err act_call_begin(struct call *call, const struct entry *entry, struct act *out,
                                 struct fault *fault);

/* Refused, unless If-Match names these entries. */
MUST_USE enum err act_call_match(struct call *call, const struct act_entries *entries,
                                 struct fault *fault);

/* All of them, with their revision as ETag. */
MUST_USE enum err act_call_answer_list(struct call *call, const struct act_entries *entries,
                                       struct fault *fault);
/* One of them. */
MUST_USE enum err act_call_answer(struct call *call, int status, const struct act_entries *entries,
                                  const struct act_entry *entry, struct fault *fault);

#endif
