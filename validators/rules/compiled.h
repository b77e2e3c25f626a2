#ifndef VALIDATORS_RULES_COMPILED_H
#define VALIDATORS_RULES_COMPILED_H

#include "validators/rules/figure.h"
#include "validators/rules/formulas.h"
#include "validators/rules/structure.h"
#include "validators/rules/survey.h"

/*
 * What rules_compile makes of the catalogue: for every form its rules in the order of their codes,
 * each either a VTL formula or a check (of structure, or of figures), and the entries of the
 * package's checks.
 */
struct compiled_rule {
    const struct rule_entry *entry;
    enum formulas_view       view;    /* of the formula */
    const struct formula    *formula; /* NULL: a check written in C */
    enum structure_check     check;   /* STRUCTURE_COUNT: a check of figures */
    enum figure_check        figure;
};

struct compiled_form {
    struct formulas             formulas;
    struct formulas             line_formulas;
    const struct compiled_rule *rules;
    size_t                      rule_count;
};

struct rules {
    const struct compiled_form *forms; /* by index of the catalogue */
    const struct rule_entry    *survey[SURVEY_COUNT];
};

/* Compiled rules of which one form is to have another script. */
struct rules_edit {
    const struct catalogue *catalogue;
    const struct rules     *rules;
    int32_t                 form; /* index in the catalogue */
    struct str              vtl;
};

/* The rules so edited; what is unchanged stays borrowed. Fails as rules_compile. */
MUST_USE enum err compiled_edit(struct arena *arena, const struct rules_edit *edit,
                                const struct rules **out, struct fault *fault);

#endif
