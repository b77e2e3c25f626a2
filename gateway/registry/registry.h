#ifndef GATEWAY_REGISTRY_REGISTRY_H
#define GATEWAY_REGISTRY_REGISTRY_H

#include "gateway/store/store.h"

/*
 * Units (JST and bodies below them) with parent and validity, and the credentials bound to them:
 * who may file for whom. A credential acts for one unit. On a day its scope is that unit, those
 * below it, those that it serves (a CUW) and those whose place it took as a whole; registry.scope
 * and registry.acts_for of the database say the same. What a report's header claims is compared
 * here, never believed.
 *
 * Days are in Warsaw. A unit is told as it was on the day that is asked for: what it is called,
 * where it stands and below whom may change, and what it was before is kept (unit_history).
 */
struct registry_unit {
    int64_t     unit; /* 0: not stored yet */
    struct str  regon;
    struct str  nip; /* may be empty */
    struct str  wk, pk, gk, gt, pt;
    struct str  type; /* Typ of the exchange file: "JB" */
    struct str  kind; /* 'jst', 'urzad', 'jednostka-budzetowa', ... (registry.unit_kind) */
    struct str  name;
    struct str  jop;    /* group of a body with legal personality: "42", "62", "82"; empty: none */
    int64_t     parent; /* 0: none (a JST) */
    struct date valid_from;
    struct date valid_to; /* year 0: open */
};

/* How a unit that a report names stands in the registry, for one sender, on one day. */
enum registry_standing {
    STANDING_UNKNOWN = 0, /* no unit with this REGON */
    STANDING_DIFFERS,     /* the REGON is known, Typ or codes are another unit's */
    STANDING_CLOSED,      /* known and the sender's, not valid on that day */
    STANDING_FOREIGN,     /* known, but the sender may not file for it (valid or not) */
    STANDING_SUCCEEDED, /* the sender's, but another one stood in its place when the period ended */
    STANDING_GOOD,
};

struct registry_claim { /* what a report says */
    struct str  regon;  /* trimmed */
    struct str  type;
    struct str  wk, pk, gk, gt, pt;
    int64_t     subject;    /* who files it */
    struct date day;        /* of arrival */
    struct date period_end; /* year 0: not known, and nothing is said of successors */
};

struct registry_answer {
    enum registry_standing standing;
    int64_t                unit;       /* 0 when UNKNOWN */
    int64_t                top;        /* the JST at the top of its tree now; 0 when UNKNOWN */
    int64_t                period_top; /* and on the last day of the period, if that is known */
    struct str             name;       /* as registered on that day */
    struct str             kind;       /* registry.unit_kind, on that day */
    struct str             registered; /* for a person. DIFFERS: what is registered;
                                           SUCCEEDED: who took its place and when */
};

/*
 * The unit whose report this is: 0 unless it is certain and the sender may file for it. A report
 * that bears somebody else's REGON is nobody's, so that what is in it is shown to nobody else.
 */
int64_t registry_unit_of(const struct registry_answer *answer);

/* Ask for count claims at once, of any senders and days: one round trip. */
MUST_USE enum err registry_ask(struct store *store, struct arena *arena,
                               const struct registry_claim *claims, size_t count,
                               struct registry_answer *answers, struct fault *fault);

/*
 * Administration, as brama_admin; texts of faults are Polish, for the operator. What the registry
 * does not take (the same unit twice at one time, a parent that is not there, dates in the wrong
 * order) is ERR_DENIED.
 */
MUST_USE enum err registry_add_unit(struct store *store, struct arena *arena,
                                    const struct registry_unit *unit, int64_t *id,
                                    struct fault *fault);
/* The newest unit with this REGON. */
MUST_USE enum err registry_find_unit(struct store *store, struct arena *arena, struct str regon,
                                     struct registry_unit *out, bool *found, struct fault *fault);
MUST_USE enum err registry_list_units(struct store *store, struct arena *arena,
                                      struct registry_unit **out, size_t *count,
                                      struct fault *fault);
/* Also another last day for one that is closed; not behind the day of a succession. */
MUST_USE enum err registry_close_unit(struct store *store, struct arena *arena, int64_t unit,
                                      struct date last_day, struct fault *fault);

/* Have every submission decided again whose newest decision left a report undecided because its
 * unit was unknown, and is known now. *count: how many were put to work. */
MUST_USE enum err registry_wake(struct store *store, struct arena *arena, size_t *count,
                                struct fault *fault);

#endif
