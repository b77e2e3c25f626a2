#ifndef VALIDATORS_RULES_CASES_H
#define VALIDATORS_RULES_CASES_H

#include "validators/rules/rules.h"

/*
 * The cases beside the rules: small reports that a rule's author wrote down with what must come of
 * them, in `<form>/<version>/tests/<CODE>.xml` of the bundle. They run on the same path as a real
 * report, one rule at a time; shadow rules are shown too. Printing is the caller's.
 *
 *     <cases rule="RB27S-001">
 *       <case name="co to pokazuje" expect="pass|fail|not-evaluated"
 *             typ="JB" rok="2026" okres-typ="Kwartal" okres="2" date="" at="2026-07-24">
 *         <row Dzial="801" Rozdzial="80101" Paragraf="069" P4="0" NA="10.00" NO="!abc"/>
 *         <figure kind="control|last-year|peers" by="Paragraf" key="027" amount="10.00"/>
 *         <expect row="1" column="NO" found="0,00" expected="10,00" difference="10,00"/>
 *       </case>
 *     </cases>
 *
 * All attributes of case but name and expect may be left out; what is written above is their value
 * then (an empty date: the report has none). An attribute of row that is left out is an absent
 * cell, a leading '!' makes it one that cannot be read. A figure is of the column that the rule
 * points at; that of peers has also `spread` and `peers`. `expect` describes the first finding;
 * what it does not mention is not compared, no-break spaces count as spaces.
 */
struct case_result {
    const struct rule_entry *entry;
    struct str               path; /* of the file */
    uint32_t                 line; /* of the case */
    struct str               name;
    bool                     passed;
    struct str               wanted; /* in Polish; empty when passed */
    struct str               got;
};

/* What the cases say of one rule. */
struct case_coverage {
    const struct rule_entry *entry;
    size_t                   quiet; /* cases that expect no finding, and got none */
    size_t                   loud;  /* cases that expect a finding, and got it */
};

struct cases_summary {
    const struct case_result   *results;
    size_t                      result_count;
    size_t                      failed;   /* results that did not pass */
    const struct case_coverage *coverage; /* every rule of every form, by code */
    size_t                      coverage_count;
    size_t                      uncovered; /* rules without a passing or without a failing case */
};

/*
 * Run all cases of all forms. Fails with ERR_CATALOGUE (a cases file that cannot be understood:
 * file and line) or ERR_MEMORY.
 */
MUST_USE enum err cases_run(struct arena *arena, const struct catalogue *catalogue,
                            const struct rules *rules, struct cases_summary *out,
                            struct fault *fault);

/* One rule of one form, as `rules` has it. */
struct case_question {
    const struct catalogue  *catalogue;
    const struct rules      *rules;
    int32_t                  form; /* index in the catalogue */
    const struct rule_entry *entry;
};

/* Whether every case of that rule comes out as its author wrote. Fails as cases_run. */
MUST_USE enum err cases_pass(struct arena *arena, const struct case_question *question, bool *out,
                             struct fault *fault);

#endif
