#ifndef GATEWAY_BACKTEST_BACKTEST_TALLY_H
#define GATEWAY_BACKTEST_BACKTEST_TALLY_H

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "validators/base/err.h"
#include "validators/sets/judgement.h"

/*
 * How many reports a draft of rules would stop, or let through, that the rules in force do not, and
 * what becomes of sets: by form, kind and region, and by code. Bounded, whatever is counted. Names
 * nobody.
 */
enum { BACKTEST_GROUPS_MAX = 10000, BACKTEST_CODES_MAX = 2000 };

/* What becomes of something that does not hold, or of who is stopped: by the draft alone, by the
 * rules in force alone, by both. */
enum backtest_turn { BACKTEST_NEW, BACKTEST_GONE, BACKTEST_SAME, BACKTEST_STAYS_AWAY };
enum { BACKTEST_TURNS = BACKTEST_STAYS_AWAY };

/* What comes of a draft's rule between reports in one set. */
enum backtest_outcome {
    BACKTEST_HOLDS,
    BACKTEST_QUERIES,  /* does not hold, and asks */
    BACKTEST_WARNS,    /* does not hold, and warns or informs */
    BACKTEST_PROPOSED, /* does not hold, on trial: nobody is shown it */
    BACKTEST_PENDING,
    BACKTEST_IDLE, /* nothing to compare */
    BACKTEST_NOT_EVALUATED,
};
enum { BACKTEST_OUTCOMES = BACKTEST_NOT_EVALUATED + 1 };

struct backtest_group {
    struct str form;   /* "Rb-27S"; of sets the one that is charged */
    struct str kind;   /* registry.unit_kind; empty: not known; of sets registry.government */
    struct str region; /* WK, "06" */
    uint64_t   reports;
    uint64_t   stopped;                /* rejected by the draft, not by the rules in force */
    uint64_t   freed;                  /* the other way round */
    uint64_t   asked;                  /* more open questions than now */
    uint64_t   sets;                   /* that have a rule which charges the form */
    uint64_t   turns[BACKTEST_TURNS];  /* of them; one set may turn in several ways */
    uint64_t   seen;                   /* number of the set that was counted last */
    bool       turned[BACKTEST_TURNS]; /* by that set */
};

struct backtest_code {
    struct str code;
    uint64_t
        stopped; /* reports in which the draft finds this error and the rules in force do not */
    uint64_t freed;
    uint64_t sets; /* that the draft's rule applies to */
    uint64_t outcomes[BACKTEST_OUTCOMES];
    uint64_t turns[BACKTEST_TURNS];
};

struct backtest_set_totals {
    uint64_t sets;
    uint64_t unread;                           /* beside them: could not be compared here */
    uint64_t states[SETS_STATES][SETS_STATES]; /* by the rules in force; by the draft */
    uint64_t reports;                          /* of the span, in force, in these sets */
    uint64_t stopped[BACKTEST_TURNS];          /* of them, had they come with strict=true today */
    uint64_t strict;                           /* of stopped[BACKTEST_NEW]: that did come so */
};

struct backtest_tally {
    struct arena              *arena;
    struct backtest_group     *groups;
    size_t                     group_count;
    struct backtest_code      *codes;
    size_t                     code_count;
    uint64_t                   submissions;
    uint64_t                   unread; /* submissions that could not be judged here */
    struct backtest_set_totals sets;
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
