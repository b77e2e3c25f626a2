#ifndef GATEWAY_REGISTRY_EVENT_H
#define GATEWAY_REGISTRY_EVENT_H

#include "gateway/registry/registry.h"

/*
 * What happens to units, on a day and with a ground: a unit changes, is served by another one, is
 * assigned to an office, is succeeded. As brama_admin, inside a transaction of the caller's; texts
 * of faults are Polish, for the operator. What cannot be is ERR_DENIED and leaves the transaction
 * to be rolled back. Nothing is forgotten: a change keeps what was (registry.unit_history), and
 * each leaves a row in registry.change that nobody can change.
 */

/* Who does what follows in this transaction, and why; either may be empty. */
MUST_USE enum err event_sign(struct store *store, struct arena *arena, struct str operator_name,
                             struct str basis, struct fault *fault);

/* Whoever changes what they have read of a unit of this REGON holds it first, until the transaction
 * ends. */
MUST_USE enum err event_hold(struct store *store, struct arena *arena, struct str regon,
                             struct fault *fault);

/*
 * From that day on the unit is what *unit says: name, NIP, codes, Typ, kind, JOP group, parent. Not
 * before the day of its latest change; on that very day, that change is corrected. It writes all of
 * *unit: hold it before reading it.
 */
MUST_USE enum err event_change(struct store *store, struct arena *arena,
                               const struct registry_unit *unit, struct date since,
                               struct fault *fault);

/* A body that does a unit's books from one day to another (year 0: open). */
struct event_service {
    const struct registry_unit *unit;
    const struct registry_unit *provider;
    struct date                 from;
    struct date                 to;
    struct str                  basis;
};
MUST_USE enum err event_serve(struct store *store, struct arena *arena,
                              const struct event_service *service, struct fault *fault);
/* The last service of that unit by that provider ends with service->to, which is earlier than what
 * was foreseen. */
MUST_USE enum err event_release(struct store *store, struct arena *arena,
                                const struct event_service *service, struct fault *fault);

/* An office to which a JST reports, from one day to another (year 0: open). */
struct event_office {
    const struct registry_unit *unit;
    struct str                  office; /* 'rio-lodz' */
    struct date                 from;
    struct date                 to;
    struct str                  basis;
};
MUST_USE enum err event_assign(struct store *store, struct arena *arena,
                               const struct event_office *assignment, struct fault *fault);
MUST_USE enum err event_unassign(struct store *store, struct arena *arena,
                                 const struct event_office *assignment, struct fault *fault);

/*
 * The successor takes the predecessor's place from that day on. The predecessor, if it is open, is
 * closed with the day before. Kinds: merge, split, rename, new-regon, takeover; only a split may
 * have several successors, all on one day.
 */
struct event_succession {
    const struct registry_unit *predecessor;
    const struct registry_unit *successor;
    struct str                  kind;
    struct date                 day;
    struct str                  basis;
};
MUST_USE enum err event_succeed(struct store *store, struct arena *arena,
                                const struct event_succession *succession, struct fault *fault);
/* A successor that is the same body under another number: traits, who does whose books, offices and
 * the units below go on with it from the day. People and tokens do not: they are given anew.
 * Neither the predecessor nor a unit below it may have a change ahead of the day. */
MUST_USE enum err event_inherit(struct store *store, struct arena *arena,
                                const struct event_succession *succession, struct fault *fault);

#endif
