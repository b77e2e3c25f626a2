#ifndef GATEWAY_CLI_SET_GROUP_H
#define GATEWAY_CLI_SET_GROUP_H

#include "gateway/cli/input.h"
#include "validators/decision/decision.h"
#include "validators/sets/sets.h"

/*
 * The sets of what `brama validate` was given: the reports of one JST, or of one unit, for one
 * period, judged by the rules between reports. A JST is told by its five codes, as there is no
 * registry here; nobody knows either what is owed, so what is not among the files is waited for.
 * Rejected reports are left out, and of several versions of one report all but the highest (the
 * last given, if they are equal). Changes no verdict.
 */
struct set_member {
    const struct input          *input;
    const struct decided_report *report;
};

struct judged_set {
    enum sets_scope          scope;
    struct str               holder;  /* for people: a unit's name, or the codes of a JST */
    struct str               regon;   /* of a unit; else empty */
    struct str               period;  /* "2026-Q2" */
    const struct set_member *members; /* by ordinal of sets_finding.report */
    size_t                   member_count;
    struct sets_judgement    judged;
};

struct set_groups {
    const struct sets       *rules;
    const struct judged_set *sets; /* by JST, unit (a JST before its units) and period */
    size_t                   count;
};

struct set_request {
    const struct catalogue  *catalogue;
    const struct sets       *rules;
    enum environment         environment;
    const struct set_member *members; /* all reports of all files, in the order given */
    size_t                   member_count;
};

MUST_USE enum err set_groups_make(struct arena *arena, const struct set_request *request,
                                  struct set_groups *out, struct fault *fault);

#endif
