#ifndef VALIDATORS_RULES_FORMULAS_H
#define VALIDATORS_RULES_FORMULAS_H

#include "validators/rules/inspection.h"
#include "validators/vtl/vtl.h"

/*
 * The VTL rules of one form: its datapoint ruleset compiled for its columns, every rule tied to its
 * entry of rules.xml. Columns of codes are strings, columns of amounts numbers with the scale of
 * form.xml; dictionaries of the catalogue are value domains, their names in upper case with '_'.
 */
struct formula {
    const struct rule_entry *entry;
    const struct vtl_rule   *rule;
    size_t                   number; /* of the rule in the plan */
    /*
     * The rule reads codes only, so it has one answer for equal codes: it is told once for each
     * combination, at the first position that has it. Bits of the code columns; else 0.
     */
    unsigned codes_read;
    int      line; /* of the form, by index, that a finding points at; -1: none */
};

/*
 * What a row is for a ruleset. A position, with all columns of the form as components; or, in a
 * form of lines, a column of amounts: its components are Kolumna (the column's name, a string) and
 * a number for each line under its symbol. So "A = A1 + A2" is said once and holds for every
 * column.
 */
enum formulas_view { FORMULAS_BY_POSITION, FORMULAS_BY_COLUMN };

struct formulas {
    enum formulas_view     view;
    const struct vtl_plan *plan; /* NULL: the form has no rules of this view */
    const struct formula  *items;
    size_t                 count;
};

/* Which ruleset of which form. */
struct formulas_source {
    const struct catalogue *catalogue;
    const struct form      *form;
    enum formulas_view      view;
};

/*
 * Compile the ruleset of rules.vtl that is for a view. Every rule must be called like its code with
 * '_' for '-' and have an entry among the form's rules. Fails with ERR_CATALOGUE (file, line,
 * character, Polish text of what to mend; *problem has it without the file) or ERR_MEMORY. The
 * catalogue stays borrowed.
 */
MUST_USE enum err formulas_compile(struct arena *arena, const struct formulas_source *source,
                                   struct formulas *out, struct vtl_problem *problem,
                                   struct fault *fault);

/* Whether an entry stands in the form's own folder of the bundle. */
bool formulas_owned(const struct form *form, const struct rule_entry *entry);

#endif
