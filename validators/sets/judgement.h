#ifndef VALIDATORS_SETS_JUDGEMENT_H
#define VALIDATORS_SETS_JUDGEMENT_H

#include "validators/base/amount.h"
#include "validators/finding/finding.h"
#include "validators/sets/facts.h"

/* What comes of a set: its state, an outcome for each rule that applies to it, and findings. */

/*
 * The state of a set, from its queries and warnings alone. INCONSISTENT: one does not hold.
 * Otherwise INCOMPLETE while one is pending or could not be evaluated, or when none compared
 * anything. Shadow rules ("proposed")
 * and information never move it. The zero value is never "consistent".
 */
enum sets_state { SETS_INCOMPLETE = 0, SETS_CONSISTENT, SETS_INCONSISTENT };
enum { SETS_STATES = 3 };

enum sets_outcome {
    SETS_NOT_EVALUATED = 0, /* a limit of the engine, a cell that cannot be read */
    SETS_HOLDS,
    SETS_FAILS,
    SETS_PENDING, /* an operand is awaited, or nobody knows whether it will come */
    SETS_IDLE,    /* it has nothing to compare: an operand is known not to exist */
};

enum { SETS_OUTCOMES = 5, SETS_CONTRIBUTORS_MAX = 10, SETS_FINDINGS_OF_RULE_MAX = 100 };

#define SETS_NO_ROW UINT32_MAX

/* What a pending rule waits for. */
struct sets_missing {
    const struct sets_operand *operand;
    struct period              period;
    struct str                 unit; /* of sets_awaited; empty: any */
    struct str                 name; /* of sets_awaited; empty: nobody knows */
};

/* What one report has put into one side of a comparison. */
struct sets_contributor {
    uint32_t    report; /* ordinal among facts.reports */
    amount_wide amount; /* grosze */
};

struct sets_finding {
    const struct sets_rule *rule;
    enum severity           severity;
    uint32_t                report;  /* the charged one: ordinal among facts.reports */
    uint32_t                row;     /* its Pozycja from 0; SETS_NO_ROW: no row or no single one */
    struct str              column;  /* element of the column: "PL"; empty: the row as a whole */
    struct finding          finding; /* code, offset, cell, found, expected, difference */
    struct str              title;   /* placeholders filled in */
    struct str              fix;
    /* Of the side that the report is held against, largest amount first. */
    const struct sets_contributor *contributors;
    size_t                         contributor_count; /* at most SETS_CONTRIBUTORS_MAX */
    size_t                         contributor_total; /* before the cut */
    amount_wide                    contributor_rest;  /* what was cut, together */
};

struct sets_answer {
    const struct sets_rule    *rule;
    enum severity              severity; /* in the set's circumstances */
    enum sets_outcome          outcome;
    const struct sets_missing *missing; /* PENDING: what it waits for; IDLE: what does not exist */
    size_t                     missing_count;
    struct str                 reason;   /* NOT_EVALUATED: why, for people */
    size_t                     compared; /* values compared */
    size_t                     failing;  /* of them; more than are listed as findings, maybe */
};

struct sets_judgement {
    enum sets_state            state;
    const struct sets_answer  *answers; /* by code; rules that are off are left out */
    size_t                     answer_count;
    const struct sets_finding *findings; /* by code, then by difference, largest first */
    size_t                     finding_count;
};

#endif
