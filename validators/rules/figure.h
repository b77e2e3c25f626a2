#ifndef VALIDATORS_RULES_FIGURE_H
#define VALIDATORS_RULES_FIGURE_H

#include "validators/rules/inspection.h"

/*
 * Checks that hold a report against figures from outside of it (rules.h: struct figure). The caller
 * brings them; where there are none, nothing is said. Each is found through its name in the
 * attribute `check`, looks at the column of `points` and takes its limits from the rule:
 *
 *     control-amount    what an owner has published for this unit and period is not what is here
 *     control-absent    nothing was published, or nobody asked: the report was not compared
 *     like-last-year    the unit's own amount of a year before: one is more than `factor` times the
 *                       other, and they are `floor` apart. What stands in one alone is not told
 *     like-peers        `peers` units of the kind at least: more than `spreads` times the median
 *                       absolute deviation away from the median, and `floor`
 *     plan-amount       what the budget has planned is not what is here. In a form of positions the
 *                       plan is whole: what it does not name it has at zero
 *
 * Figures of one key are compared with the sum of all positions that have the key. A position
 * whose codes or amount cannot be read makes what it may belong to unknown: not evaluated.
 */
enum figure_check {
    FIGURE_CHECK_CONTROL,
    FIGURE_CHECK_CONTROL_ABSENT,
    FIGURE_CHECK_LAST_YEAR,
    FIGURE_CHECK_PEERS,
    FIGURE_CHECK_PLAN,
    FIGURE_CHECK_COUNT
};

/* The check of this name; FIGURE_CHECK_COUNT when there is none. */
enum figure_check figure_find(struct str name);

MUST_USE enum err figure_run(struct inspection *inspection, enum figure_check check,
                             const struct charge *charge, struct fault *fault);

#endif
