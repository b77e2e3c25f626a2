#ifndef VALIDATORS_SETS_SETS_H
#define VALIDATORS_SETS_SETS_H

#include "validators/sets/judgement.h"

#include "validators/vtl/problem.h"

/*
 * Rules between reports: between forms, levels and periods of one JST, or of one unit. They are
 * data (schemas/sets/<version>/): texts and severities in rules.xml, formulas in rules.vtl, cases
 * in tests/. They never change a verdict: each charges one report, and together they give the set
 * its state (design.md 2.5). Knows nothing of databases, registries and verdicts: who the units of
 * a JST are, what is in force and what is owed stands in facts.h.
 *
 * The same facts give the same judgement, in whatever order they are listed.
 */
struct sets;

/* Which period of an operand is meant, from the period of the set. */
enum sets_when {
    SETS_SAME,
    SETS_PREVIOUS,      /* one earlier in the same year, of the same type */
    SETS_YEAR_AGO,      /* the same of last year */
    SETS_LAST_YEAR_END, /* last year's fourth quarter: the yearly report */
};
enum { SETS_WHENS = 4 };

/* One kind of report that rules read: a dataset of the script. */
struct sets_operand {
    struct str      name;   /* of the dataset: "RB27S_ZB" */
    struct str      form;   /* code: "RB27S" */
    struct str      title;  /* for people: "Rb-27S" */
    struct str      levels; /* space-separated */
    enum sets_when  when;
    enum sets_scope scope;
    bool            many;     /* of all units of a JST; else of the holder of the set alone */
    bool            optional; /* where it does not exist, it counts as empty */
};

struct sets_rule {
    const struct rule_entry *entry;
    enum sets_scope          scope;
    size_t                   charges;  /* operand, by index */
    uint64_t                 operands; /* bit i: operand i is read */
    int                      numbers;  /* mask of Okres, bit 1 << number; 0: any */
    uint32_t                *columns; /* by operand: columns of amounts that it looks at, by slot of
                                         the newest version of the form (scheme.h) */
    struct str path;                  /* of its script within the bundle */
    struct str vtl;                   /* as its author wrote it */
};

enum { SETS_OPERANDS_MAX = 64, SETS_TOUCHED_MAX = 64 };

/*
 * Compile the rules of all sets of the catalogue, which stays borrowed. Without any, *out knows no
 * rule. ERR_CATALOGUE: file, line, character, what to mend (*problem has it without the file);
 * ERR_MEMORY.
 */
MUST_USE enum err sets_compile(struct arena *arena, const struct catalogue *catalogue,
                               const struct sets **out, struct fault *fault);

const struct sets_operand *sets_operands(const struct sets *sets, size_t *count);
const struct sets_rule    *sets_rules(const struct sets *sets, size_t *count);

/*
 * The sets that a report of this form, level and period is read by: its own, and those of later
 * periods that look back at it. Returns how many; out has room for SETS_TOUCHED_MAX.
 */
size_t sets_touched(const struct sets *sets, struct str form, struct str level,
                    const struct period *period, struct sets_key *out);

/* A kind of report that a set reads: at any of the operand's levels. */
struct sets_want {
    const struct sets_operand *operand;
    struct period              period;
};

/* What the rules of a set read, each once; out has room for SETS_OPERANDS_MAX. Returns how many. */
size_t sets_wanted(const struct sets *sets, const struct sets_key *key, struct sets_want *out);

/*
 * Which of the facts' reports are read by a rule that has all its operands: needs[i] belongs to
 * reports[i]. Columns are not looked at, and of the others none have to be fetched. ERR_MEMORY.
 */
MUST_USE enum err sets_needs(struct arena *arena, const struct sets *sets,
                             const struct sets_facts *facts, bool *needs, struct fault *fault);

/*
 * Judge a set. A rule whose columns were not fetched, or that meets a limit of the engine, is
 * NOT_EVALUATED, never "holds". ERR_MEMORY only.
 */
MUST_USE enum err sets_judge(struct arena *arena, const struct sets *sets,
                             const struct sets_facts *facts, struct sets_judgement *out,
                             struct fault *fault);

const char *sets_state_name(enum sets_state state);       /* "incomplete" */
const char *sets_outcome_name(enum sets_outcome outcome); /* "pending" */

/* "zgodny", "niezgodny", "niepełny" */
const char *sets_state_words(enum sets_state state);

#endif
