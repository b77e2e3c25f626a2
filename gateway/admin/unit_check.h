#ifndef GATEWAY_ADMIN_UNIT_CHECK_H
#define GATEWAY_ADMIN_UNIT_CHECK_H

#include "gateway/admin/admin.h"

/*
 * What the operator is told of a unit before it is entered, and when it is closed: the database
 * refuses much of it too, but cannot say what would be right.
 */

/* All three of a unit that is entered by hand. ERR_USAGE, ERR_DENIED. */
MUST_USE enum err unit_check_whole(struct admin *admin, const struct registry_unit *unit,
                                   struct fault *fault);

/*
 * Numbers to their check digits, each code alone, Typ and name. ERR_USAGE. Whether the codes agree
 * with each other is not judged: a report's finding asks about that (TOZSAMOSC-008).
 */
MUST_USE enum err unit_check(const struct registry_unit *unit, struct fault *fault);

/* The Typ that definitions in force know, in any environment, as "JB, ZB-TEST". */
MUST_USE enum err unit_check_types(struct admin *admin, struct str *out, struct fault *fault);

/* ERR_DENIED with the types that there are, when this is none of them. */
MUST_USE enum err unit_check_type(struct str types, struct str type, struct fault *fault);

/* ERR_DENIED with the kinds that there are, when this is none of them. */
MUST_USE enum err unit_check_kind(struct admin *admin, struct str kind, struct fault *fault);

/* Say what of the unit goes on after its last day: reports, units below it, credentials. */
MUST_USE enum err unit_check_closed(struct admin *admin, int64_t unit, struct date last_day,
                                    struct fault *fault);

#endif
