#ifndef GATEWAY_RELEASE_RULE_SWITCH_H
#define GATEWAY_RELEASE_RULE_SWITCH_H

#include "gateway/store/store.h"

/*
 * Rules that were switched off, and on again (intake.rule_switch): dated, with who and why, never
 * changed. A switch holds for what arrives at its time or later, until a later switch of the same
 * code says otherwise. Turned, it has everything decided or judged again that it may concern
 * (rule_waking.h); data wpływu stays.
 */
enum { RULE_SWITCH_MAX = 10000 };

struct rule_switch {
    int64_t    id;
    struct str code;
    bool       off;
    instant    since;
    struct str reason;
    struct str publisher;
    instant    at;
    bool       of_sets; /* asked for by whoever turns a rule between reports, with */
    int64_t    scope;   /* that of the sets which it judges */
};

/* All switches, in the order in which they were turned. */
struct rule_switches {
    const struct rule_switch *items;
    size_t                    count;
};

/* Texts live in arena. */
MUST_USE enum err rule_switches_read(struct store *store, struct arena *arena,
                                     struct rule_switches *out, struct fault *fault);

/* The number of the newest; 0: none. */
int64_t rule_switches_newest(const struct rule_switches *switches);

/* The codes that are off for what arrived then: "RB27S-001 RB28S-004", in order of their first
 * switch; empty: none. .data == NULL: the arena is full. */
struct str rule_switches_off(struct arena *arena, const struct rule_switches *switches,
                             instant arrived);

/* Count how often each code was found in what is decided now, and stands open in sets; GET
 * /api/v1/rules tells it. In the caller's transaction, slice by slice: a country takes minutes, no
 * statement does. */
MUST_USE enum err rule_switch_count(struct store *store, struct arena *arena, struct fault *fault);

/* Turn it, with the row by which is found what it concerns (rule_waking.h); wanted->id is filled
 * here. ERR_DENIED when there are RULE_SWITCH_MAX already. Commit it before rule_waking_run, in a
 * transaction of its own. */
MUST_USE enum err rule_switch_turn(struct store *store, struct arena *arena,
                                   struct rule_switch *wanted, struct fault *fault);

#endif
