#include "validators/rules/formulas.h"

#include "validators/rules/domains.h"

enum { LINT_MAX = 1 };

static enum err
fail_problem(const struct form *form, const struct vtl_problem *problem, struct fault *fault)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*srules.vtl, wiersz %u, znak %u: %s",
                STR_ARG(form->folder), problem->line, problem->column, problem->text);
}

/* Codes first, then amounts: the order of struct vtl_data.columns too. */
static enum err
name_components(struct arena *arena, const struct form *form, struct vtl_structure *out,
                struct fault *fault)
{
    size_t                count = form->code_count + form->amount_count;
    struct vtl_component *components = ARENA_NEW(arena, struct vtl_component, count);

    if (components == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of %.*s", STR_ARG(form->code));
    }
    for (size_t i = 0; i < form->code_count; i++) {
        components[i] = (struct vtl_component){
            .name = form->codes[i].name, .role = VTL_IDENTIFIER, .type = VTL_STRING};
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        components[form->code_count + i] = (struct vtl_component){.name = form->amounts[i].name,
                                                                  .role = VTL_MEASURE,
                                                                  .type = VTL_NUMBER,
                                                                  .scale = form->amounts[i].scale};
    }
    *out = (struct vtl_structure){.components = components, .count = count};
    return ERR_OK;
}

/* The column's name, then the lines: the order of lines_fill too. */
static enum err
name_lines(struct arena *arena, const struct form *form, struct vtl_structure *out,
           struct fault *fault)
{
    struct vtl_component *components = ARENA_NEW(arena, struct vtl_component, form->line_count + 1);

    if (components == NULL) {
        return FAIL(fault, ERR_MEMORY, "lines of %.*s", STR_ARG(form->code));
    }
    components[0] =
        (struct vtl_component){.name = STR("Kolumna"), .role = VTL_IDENTIFIER, .type = VTL_STRING};
    for (size_t i = 0; i < form->line_count; i++) {
        components[i + 1] = (struct vtl_component){.name = form->lines[i].symbol,
                                                   .role = VTL_MEASURE,
                                                   .type = VTL_NUMBER,
                                                   .scale = form->amounts[0].scale};
    }
    *out = (struct vtl_structure){.components = components, .count = form->line_count + 1};
    return ERR_OK;
}

/* Whether name is the code with '_' for '-'. */
static bool
named_after(struct str name, struct str code)
{
    if (name.size != code.size) {
        return false;
    }
    for (size_t i = 0; i < code.size; i++) {
        if (name.data[i] != (code.data[i] == '-' ? '_' : code.data[i])) {
            return false;
        }
    }
    return true;
}

bool
formulas_owned(const struct form *form, const struct rule_entry *entry)
{
    return form->folder.size > 0 && str_starts_with(entry->path, form->folder)
           && (str_ends_with(form->folder, STR("/"))
               || (entry->path.size > form->folder.size
                   && entry->path.data[form->folder.size] == '/'));
}

/* The entry of a rule of the form, or NULL. */
static const struct rule_entry *
find_entry(const struct catalogue *catalogue, const struct form *form, struct str code)
{
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        if (str_equal(entry->code, code) && formulas_owned(form, entry)) {
            return entry;
        }
    }
    return NULL;
}

static enum err
tie(const struct formulas_source *source, struct formula *formula, struct vtl_problem *problem,
    struct fault *fault)
{
    const struct form       *form = source->form;
    const struct vtl_rule   *rule = formula->rule;
    const struct rule_entry *entry = find_entry(source->catalogue, form, rule->errorcode);
    uint64_t                 codes = (UINT64_C(1) << form->code_count) - 1;

    *problem = (struct vtl_problem){.line = rule->place.line, .column = rule->place.column};
    if (entry == NULL || entry->check.size > 0) {
        (void)snprintf(problem->text, sizeof problem->text, "kod %.*s nie ma opisu w rules.xml",
                       STR_ARG(rule->errorcode));
        return fail_problem(form, problem, fault);
    }
    if (!named_after(rule->name, rule->errorcode)) {
        (void)snprintf(problem->text, sizeof problem->text,
                       "reguła %.*s powinna nazywać się jak jej kod %.*s (z „_” zamiast „-”)",
                       STR_ARG(rule->name), STR_ARG(rule->errorcode));
        return fail_problem(form, problem, fault);
    }
    formula->entry = entry;
    if (source->view == FORMULAS_BY_POSITION && (rule->components & ~codes) == 0) {
        formula->codes_read = (unsigned)rule->components;
    }
    formula->line =
        source->view == FORMULAS_BY_COLUMN ? form_line_index(form, formula->entry->points) : -1;
    return ERR_OK;
}

static enum err
tie_all(struct arena *arena, const struct formulas_source *source, struct formulas *out,
        struct vtl_problem *problem, struct fault *fault)
{
    size_t          count = vtl_rule_count(out->plan);
    struct formula *items = ARENA_NEW(arena, struct formula, count + 1);

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules of %.*s", STR_ARG(source->form->code));
    }
    for (size_t i = 0; i < count; i++) {
        items[i].number = i;
        items[i].rule = vtl_rule(out->plan, i);
        TRY(tie(source, &items[i], problem, fault));
    }
    out->items = items;
    out->count = count;
    return ERR_OK;
}

/* A mistake of the script's author becomes a fault of the catalogue that names the place. */
static enum err
as_catalogue(enum err code, const struct form *form, const struct vtl_problem *problem,
             struct fault *fault)
{
    return code == ERR_SYNTAX ? fail_problem(form, problem, fault) : code;
}

enum err
formulas_compile(struct arena *arena, const struct formulas_source *source, struct formulas *out,
                 struct vtl_problem *problem, struct fault *fault)
{
    const struct form *form = source->form;
    bool               by_column = source->view == FORMULAS_BY_COLUMN;
    struct vtl_script *script = NULL;
    struct vtl_plan   *plan = NULL;
    struct vtl_binding binding = {.ruleset = by_column ? form->line_ruleset : form->vtl_ruleset};

    *out = (struct formulas){.view = source->view};
    if (form->vtl.size == 0 || binding.ruleset.size == 0) {
        return ERR_OK;
    }
    TRY(as_catalogue(vtl_parse(arena, form->vtl, &script, problem, fault), form, problem, fault));
    if (vtl_lint(script, problem, LINT_MAX) > 0) {
        return fail_problem(form, problem, fault);
    }
    TRY(domains_name(arena, source->catalogue, &binding.domains, fault));
    TRY(by_column ? name_lines(arena, form, &binding.structure, fault)
                  : name_components(arena, form, &binding.structure, fault));
    TRY(as_catalogue(vtl_bind(arena, script, &binding, &plan, problem, fault), form, problem,
                     fault));
    out->plan = plan;
    return tie_all(arena, source, out, problem, fault);
}
