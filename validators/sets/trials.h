#ifndef VALIDATORS_SETS_TRIALS_H
#define VALIDATORS_SETS_TRIALS_H

#include "validators/rules/cases.h"
#include "validators/sets/sets.h"

/*
 * The cases beside the rules between reports, in `sets/<version>/tests/<CODE>.xml` of the bundle:
 * sets that a rule's author wrote down with what must come of them. Each runs twice, with its
 * reports in opposite orders, and must say the same. Printing is the caller's.
 *
 *     <cases rule="ZESTAW-001">
 *       <case name="co to pokazuje" expect="holds|fails|pending|idle|not-evaluated|off"
 *             rok="2026" okres-typ="Kwartal" okres="2" known="true">
 *         <report of="RBNDS" unit="JST" variant="" level=""> <row Symbol="A" P="1.00"/> </report>
 *         <awaited of="RB27S_JEDN" unit="szkoła" name="Szkoła"/>
 *         <expect report="1" row="1" column="P" found="1,00" expected="2,00" difference="1,00"/>
 *       </case>
 *     </cases>
 *
 * of: an operand of rules.xml, which gives form, period and (its first) level. known: whether
 * somebody has asked what is owed (facts.h). What is written above is the value of an attribute
 * that is left out; `expect` describes the first finding, report and row count from 1 there, row 0
 * is no row. off: the rule does not apply to the period.
 */
struct trial_coverage {
    const struct sets_rule *rule;
    size_t                  quiet;   /* cases that hold, as expected */
    size_t                  loud;    /* that fail, as expected */
    size_t                  missing; /* that are pending, as expected */
};

struct trials_summary {
    const struct case_result    *results;
    size_t                       result_count;
    size_t                       failed;
    const struct trial_coverage *coverage; /* every rule, by code */
    size_t                       coverage_count;
    size_t                       uncovered; /* rules that lack one of the three */
};

/* ERR_CATALOGUE (a file of cases that cannot be understood: file and line) or ERR_MEMORY. */
MUST_USE enum err trials_run(struct arena *arena, const struct sets *sets,
                             struct trials_summary *out, struct fault *fault);

/* Whether every case of one rule, by index, comes out as its author wrote. Fails as trials_run. */
MUST_USE enum err trials_pass(struct arena *arena, const struct sets *sets, size_t rule, bool *out,
                              struct fault *fault);

#endif
