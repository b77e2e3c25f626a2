#ifndef GATEWAY_BACKTEST_BACKTEST_HOME_H
#define GATEWAY_BACKTEST_BACKTEST_HOME_H

#include "gateway/backtest/backtest_set_count.h"

/*
 * Which sets there are to be tried: a JST and a period, with its reports in force that arrived in a
 * span, and the sets that read them; a few at a time, in a total order. Knows no judgement.
 */
enum { BACKTEST_HOME_SIDES = 2 }; /* the rules in force, the draft */

/* A report of the span, in force. */
struct backtest_home_member {
    int64_t    report;
    int64_t    unit;
    struct str form;
    struct str level;
    bool       strict;                       /* its sender asked for it */
    bool       stopped[BACKTEST_HOME_SIDES]; /* filled by whoever judges */
};

/* A set of the home's period. */
struct backtest_home_spot {
    int64_t         owner;
    enum sets_scope scope;
};

struct backtest_home {
    int64_t                      jst;
    bool                         known; /* both sides know the period; else there are no spots */
    struct period                periods[BACKTEST_HOME_SIDES]; /* as each catalogue has it */
    struct backtest_set_holder   holder;
    struct backtest_home_member *members; /* by unit, then by report */
    size_t                       member_count;
    struct backtest_home_spot   *spots; /* that a rule of either side reads a member in */
    size_t                       spot_count;
};

struct backtest_homes {
    struct backtest_home *items;
    size_t                count;
    bool                  more; /* ask again, also when there was none */
};

/* How far homes have been looked at; zeroed but for the first group. */
struct backtest_home_cursor {
    struct arena               *kept;  /* lives as long as the cursor */
    const struct setbook_tools *tools; /* of each side */
    instant                     from;
    instant                     to;
    int64_t                     jst;
    int64_t                     days;
    struct str                  type;
};

/* The next ones, in arena. Failures of the store, ERR_MEMORY. */
MUST_USE enum err backtest_home_next(struct backtest_home_cursor *cursor, struct arena *arena,
                                     struct backtest_homes *out, struct fault *fault);

/* The member with this report; NULL: it is none of the span's. */
struct backtest_home_member *backtest_home_find(const struct backtest_home *home, int64_t unit,
                                                int64_t report);

#endif
