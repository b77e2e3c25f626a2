#ifndef GATEWAY_BACKTEST_BACKTEST_TALLY_H
#define GATEWAY_BACKTEST_BACKTEST_TALLY_H

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "validators/base/err.h"

/*
 * How many reports a draft of rules would stop, or let through, that the rules in force do not: by
 * form, kind of unit and region, and by code. Bounded, whatever is counted. Names nobody.
 */
enum { BACKTEST_GROUPS_MAX = 10000, BACKTEST_CODES_MAX = 2000 };

struct backtest_group {
    struct str form;   /* "Rb-27S" */
    struct str kind;   /* registry.unit_kind; empty: not known */
    struct str region; /* WK, "06" */
    uint64_t   reports;
    uint64_t   stopped; /* rejected by the draft, not by the rules in force */
    uint64_t   freed;   /* the other way round */
    uint64_t   asked;   /* more open questions than now */
};

struct backtest_code {
    struct str code;
    uint64_t
        stopped; /* reports in which the draft finds this error and the rules in force do not */
    uint64_t freed;
};

struct backtest_tally {
    struct arena          *arena;
    struct backtest_group *groups;
    size_t                 group_count;
    struct backtest_code  *codes;
    size_t                 code_count;
    uint64_t               submissions;
    uint64_t               unread; /* submissions that could not be judged here */
};

MUST_USE enum err backtest_tally_create(struct arena *arena, struct backtest_tally *out,
                                        struct fault *fault);

/* The group or code of these texts, which are copied when it is new. ERR_LIMIT, ERR_MEMORY. */
MUST_USE enum err backtest_tally_group(struct backtest_tally *tally, struct str form,
                                       struct str kind, struct str region,
                                       struct backtest_group **out, struct fault *fault);
MUST_USE enum err backtest_tally_code(struct backtest_tally *tally, struct str code,
                                      struct backtest_code **out, struct fault *fault);

/* In a total order: groups by form, kind and region, codes by code. */
void backtest_tally_sort(struct backtest_tally *tally);

void backtest_tally_write_json(struct buf *out, const struct backtest_tally *tally);
void backtest_tally_write_csv(struct buf *out, const struct backtest_tally *tally);
void backtest_tally_write_text(struct buf *out, const struct backtest_tally *tally);

#endif
