#ifndef GATEWAY_BACKTEST_BACKTEST_SET_COUNT_H
#define GATEWAY_BACKTEST_BACKTEST_SET_COUNT_H

#include "gateway/backtest/backtest_tally.h"
#include "gateway/setbook/holdings.h"

/* What one set comes to by the rules in force and by a draft, added to a tally. Pure. */

/* One side: the set as its rules have judged it. */
struct backtest_set_side {
    const struct setbook_tools  *tools;
    const struct sets_judgement *judgement;
};

/* Of a JST, for the groups: "gmina", "06". */
struct backtest_set_holder {
    struct str kind;
    struct str region;
};

/* ERR_LIMIT, ERR_MEMORY of the tally. */
MUST_USE enum err backtest_set_count(struct backtest_tally            *tally,
                                     const struct backtest_set_holder *holder,
                                     const struct backtest_set_side   *before,
                                     const struct backtest_set_side *after, struct fault *fault);

/* What it is that stands, or not, on both sides. */
enum backtest_turn backtest_set_count_turn(bool before, bool after);

/* Whether this rule says something to people: it does not hold, and is neither on trial nor off. */
bool backtest_set_count_is_told(const struct setbook_tools *tools,
                                const struct sets_answer   *answer);

#endif
