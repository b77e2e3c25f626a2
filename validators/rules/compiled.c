#include "validators/rules/compiled.h"

#include <string.h>

static enum err
fail_entry(const struct rule_entry *entry, struct fault *fault, const char *text)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*s, reguła %.*s: %s", STR_ARG(entry->path),
                STR_ARG(entry->code), text);
}

static const struct formula *
find_formula(const struct formulas *formulas, const struct rule_entry *entry)
{
    for (size_t i = 0; i < formulas->count; i++) {
        if (formulas->items[i].entry == entry) {
            return &formulas->items[i];
        }
    }
    return NULL;
}

static enum err
find_in_vtl(const struct compiled_form *form, struct compiled_rule *rule, struct fault *fault)
{
    rule->formula = find_formula(&form->formulas, rule->entry);
    if (rule->formula == NULL) {
        rule->formula = find_formula(&form->line_formulas, rule->entry);
        rule->view = FORMULAS_BY_COLUMN;
    }
    return rule->formula != NULL
               ? ERR_OK
               : fail_entry(rule->entry, fault, "nie ma jej w rules.vtl ani nie ma atrybutu check");
}

/* Whether findings of the rule can point where its entry says. */
static bool
can_point(const struct form *form, const struct compiled_rule *rule)
{
    struct str points = rule->entry->points;

    if (rule->view == FORMULAS_BY_COLUMN) {
        return rule->formula->line >= 0;
    }
    return points.size == 0 || form_code_index(form, points) >= 0
           || form_amount_index(form, points) >= 0;
}

/* Figures are amounts of money, and of some column; all but those that were published tell by which
 * codes one is told from another. */
static bool
figure_fits(const struct form *form, const struct rule_entry *entry, enum figure_check check)
{
    int  slot = form_amount_index(form, entry->points);
    bool by_key = check == FIGURE_CHECK_LAST_YEAR || check == FIGURE_CHECK_PEERS
                  || check == FIGURE_CHECK_PLAN;
    struct str rest = entry->by;
    struct str name = {0};

    while (str_cut(&rest, ' ', &name)) {
        if (form_code_index(form, name) < 0) {
            return false;
        }
    }
    return slot >= 0 && form->amounts[slot].scale == 2 && by_key == (entry->by.size > 0)
           && (check != FIGURE_CHECK_LAST_YEAR || entry->limits.factor > 1)
           && (check != FIGURE_CHECK_PEERS
               || (entry->limits.peers > 1 && entry->limits.spreads > 0));
}

static bool
check_fits(const struct form *form, const struct compiled_rule *rule)
{
    return rule->check == STRUCTURE_COUNT ? figure_fits(form, rule->entry, rule->figure)
                                          : structure_fits(rule->check, form);
}

static enum err
compile_rule(const struct form *form, const struct compiled_form *compiled,
             const struct rule_entry *entry, struct compiled_rule *out, struct fault *fault)
{
    *out = (struct compiled_rule){
        .entry = entry, .check = structure_find(entry->check), .figure = figure_find(entry->check)};
    if (entry->check.size > 0 && out->check == STRUCTURE_COUNT
        && out->figure == FIGURE_CHECK_COUNT) {
        return fail_entry(entry, fault, "brama nie zna kontroli z atrybutu check");
    }
    if (entry->check.size > 0 && !check_fits(form, out)) {
        return fail_entry(entry, fault, "formularz nie ma tego, co bada kontrola z atrybutu check");
    }
    if (entry->check.size == 0) {
        TRY(find_in_vtl(compiled, out, fault));
    }
    if (!can_point(form, out)) {
        return fail_entry(entry, fault, "formularz nie ma kolumny z atrybutu points");
    }
    return ERR_OK;
}

/* Entries of the catalogue are sorted by code, so the rules are too. */
static enum err
compile_form(struct arena *arena, const struct catalogue *catalogue, const struct form *form,
             struct compiled_form *out, struct fault *fault)
{
    struct compiled_rule  *rules = ARENA_NEW(arena, struct compiled_rule, catalogue->entry_count);
    struct formulas_source positions = {catalogue, form, FORMULAS_BY_POSITION};
    struct formulas_source columns = {catalogue, form, FORMULAS_BY_COLUMN};
    struct vtl_problem     problem = {0};

    if (rules == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules of %.*s", STR_ARG(form->code));
    }
    TRY(formulas_compile(arena, &positions, &out->formulas, &problem, fault));
    TRY(formulas_compile(arena, &columns, &out->line_formulas, &problem, fault));
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        if (!formulas_owned(form, entry)) {
            continue;
        }
        TRY(compile_rule(form, out, entry, &rules[out->rule_count], fault));
        out->rule_count++;
    }
    out->rules = rules;
    return ERR_OK;
}

static bool
of_any_form(const struct catalogue *catalogue, const struct rule_entry *entry)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (formulas_owned(&catalogue->forms[i], entry)) {
            return true;
        }
    }
    return false;
}

/* The checks of the package: whatever has `check` and belongs to no form. */
static enum err
compile_survey(const struct catalogue *catalogue, struct rules *out, struct fault *fault)
{
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        enum survey_check        check = survey_find(entry->check);

        if (entry->check.size == 0 || of_any_form(catalogue, entry)) {
            continue;
        }
        if (check == SURVEY_COUNT) {
            return fail_entry(entry, fault, "brama nie zna kontroli z atrybutu check");
        }
        if (out->survey[check] != NULL) {
            return fail_entry(entry, fault, "inna reguła ma tę samą kontrolę");
        }
        out->survey[check] = entry;
    }
    return ERR_OK;
}

enum err
rules_compile(struct arena *arena, const struct catalogue *catalogue, const struct rules **out,
              struct fault *fault)
{
    struct rules         *rules = ARENA_NEW(arena, struct rules, 1);
    struct compiled_form *forms = ARENA_NEW(arena, struct compiled_form, catalogue->form_count + 1);

    if (rules == NULL || forms == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules of %zu forms", catalogue->form_count);
    }
    TRY(compile_survey(catalogue, rules, fault));
    for (size_t i = 0; i < catalogue->form_count; i++) {
        TRY(compile_form(arena, catalogue, &catalogue->forms[i], &forms[i], fault));
    }
    rules->forms = forms;
    *out = rules;
    return ERR_OK;
}

enum err
compiled_edit(struct arena *arena, const struct rules_edit *edit, const struct rules **out,
              struct fault *fault)
{
    size_t                count = edit->catalogue->form_count;
    struct rules         *rules = ARENA_NEW(arena, struct rules, 1);
    struct compiled_form *forms = ARENA_NEW(arena, struct compiled_form, count + 1);
    struct form           form = edit->catalogue->forms[edit->form];

    if (rules == NULL || forms == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules of %zu forms", count);
    }
    memcpy(forms, edit->rules->forms, count * sizeof *forms);
    form.vtl = edit->vtl;
    forms[edit->form] = (struct compiled_form){0};
    TRY(compile_form(arena, edit->catalogue, &form, &forms[edit->form], fault));
    *rules = *edit->rules;
    rules->forms = forms;
    *out = rules;
    return ERR_OK;
}
