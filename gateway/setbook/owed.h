#ifndef GATEWAY_SETBOOK_OWED_H
#define GATEWAY_SETBOOK_OWED_H

#include "gateway/setbook/holdings.h"

/*
 * What the units of a set owe and have not filed, so that a rule waits for it and does not pass
 * over it. Asked of obligation.duty once for each set and noted with it: whatever changes a duty
 * sets the set to work again (migration 0022).
 */

/* Fill owed (asked where it is not noted, or is to be asked anew) and awaited of each, as far as it
 * is known without asking for units: of the others than the owner "somebody's". */
MUST_USE enum err owed_complete(const struct setbook_tools *tools, struct arena *arena,
                                struct holdings *holdings, bool anew, struct fault *fault);

/* Whether anybody has computed what is owed for the period of the set. */
bool owed_is_known(const struct holding *holding);

/* How facts name a unit. Without data when arena is full. */
struct str owed_unit(struct arena *arena, int64_t unit);

#endif
