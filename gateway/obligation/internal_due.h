#ifndef GATEWAY_OBLIGATION_INTERNAL_DUE_H
#define GATEWAY_OBLIGATION_INTERNAL_DUE_H

#include "gateway/obligation/act.h"

/*
 * Termin wewnętrzny: an earlier day that a JST has set for what its units owe to its zarząd; for
 * one unit, or for all of them when the unit is the JST. It is shown beside the due date, is never
 * later than it and never makes a report late. The newest entry holds; a new generation gives it to
 * new units. The level of the duty is not looked at.
 */

/* on: year 0 takes it back. *changed: how many duties. ERR_DENIED as in act.h. */
MUST_USE enum err internal_due_set(const struct act *act, const struct act_duty *duty,
                                   struct date on, int64_t *changed, struct fault *fault);

#endif
