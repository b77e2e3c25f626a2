#ifndef GATEWAY_RELEASE_RULE_SWITCH_H
#define GATEWAY_RELEASE_RULE_SWITCH_H

#include "gateway/store/store.h"

/*
 * Rules that were switched off, and on again (intake.rule_switch): dated, with who and why, never
 * changed. A switch holds for what arrives at its time or later, until a later switch of the same
 * code says otherwise. Turned, it has every submission decided again that it may concern: off,
 * those that this rule alone had rejected; their data wpływu stays.
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

/* Count how often each code was found in what is decided now; GET /api/v1/rules tells it. In the
 * caller's transaction, slice by slice: a country takes minutes, no statement does. */
MUST_USE enum err rule_switch_count(struct store *store, struct arena *arena, struct fault *fault);

/* Turn it: the row alone; ERR_DENIED when there are RULE_SWITCH_MAX already. Commit it before
 * rule_switch_wake, in a transaction of its own. */
MUST_USE enum err rule_switch_turn(struct store *store, struct arena *arena,
                                   const struct rule_switch *wanted, struct fault *fault);

/*
 * Wait until whoever concludes now, perhaps with the rules of before, has committed; then put to
 * work what the switch concerns. Outside of any transaction: it commits slice by slice, and nobody
 * waits for it meanwhile. *count: how many submissions. Repeating it, after a failure too, is
 * harmless.
 */
MUST_USE enum err rule_switch_wake(struct store *store, struct arena *arena,
                                   const struct rule_switch *turned, size_t *count,
                                   struct fault *fault);

#endif
