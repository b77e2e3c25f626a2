#include "validators/sets/blueprint.h"

#include "validators/catalogue/source.h"

#include <string.h>

static const char *const scopes[] = {"jst", "unit", NULL};
static const char *const whens[] = {"same", "previous", "year-ago", "last-year-end", NULL};
static const char *const booleans[] = {"false", "true", NULL};
static const char *const numbers[] = {"0", "1", "2", "3",  "4",  "5",  "6",
                                      "7", "8", "9", "10", "11", "12", NULL};

static enum err
read_flag(const struct source *source, int32_t item, const char *name, bool *out,
          struct fault *fault)
{
    int choice = 0;

    TRY(source_choice(source, item, name, booleans, &choice, fault));
    *out = choice == 1;
    return ERR_OK;
}

/* Amounts of one dataset are one column, so they have one scale. */
static bool
has_one_scale(const struct form *form)
{
    for (size_t i = 1; i < form->amount_count; i++) {
        if (form->amounts[i].scale != form->amounts[0].scale) {
            return false;
        }
    }
    return form->amount_count > 0;
}

static enum err
read_operand(const struct source *source, int32_t item, const struct sets *sets,
             struct sets_operand *out, struct fault *fault)
{
    int scope = SETS_OF_JST;
    int when = SETS_SAME;
    int levels = 0;

    TRY(source_only(source, item, "name form levels scope when many optional", "", fault));
    TRY(source_text(source, item, "name", &out->name, fault));
    TRY(source_text(source, item, "form", &out->form, fault));
    TRY(source_text(source, item, "levels", &out->levels, fault));
    TRY(source_mask(source, item, "levels", catalogue_level_names, &levels, fault));
    TRY(source_choice(source, item, "scope", scopes, &scope, fault));
    TRY(source_choice(source, item, "when", whens, &when, fault));
    TRY(read_flag(source, item, "many", &out->many, fault));
    TRY(read_flag(source, item, "optional", &out->optional, fault));
    out->scope = (enum sets_scope)scope;
    out->when = (enum sets_when)when;
    const struct form *form = scheme_form(sets->catalogue, out->form);
    if (form == NULL) {
        return source_fail(source, item, fault, "katalog nie ma formularza", out->form);
    }
    if (!has_one_scale(form)) {
        return source_fail(source, item, fault,
                           "kolumny mają różną liczbę miejsc po przecinku:", out->form);
    }
    out->title = form->title;
    for (size_t i = 0; i < sets->operand_count; i++) {
        if (str_equal(sets->operands[i].name, out->name)) {
            return source_fail(source, item, fault, "inny operand nazywa się", out->name);
        }
    }
    return ERR_OK;
}

static enum err
read_operands(const struct source *source, struct sets *sets, struct fault *fault)
{
    int32_t it = element_child(&source->table, 0, (struct str){0}, STR("operand"));

    while (it != ELEMENT_NONE) {
        if (sets->operand_count == SETS_OPERANDS_MAX) {
            return source_fail(source, it, fault, "operandów jest więcej niż", STR("64"));
        }
        TRY(read_operand(source, it, sets, &sets->operands[sets->operand_count], fault));
        sets->operand_count++;
        it = element_next(&source->table, it);
    }
    return ERR_OK;
}

static const struct rule_entry *
find_entry(const struct catalogue *catalogue, struct str path, struct str code)
{
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        if (str_equal(catalogue->entries[i].code, code)
            && str_equal(catalogue->entries[i].path, path)) {
            return &catalogue->entries[i];
        }
    }
    return NULL;
}

static bool
rejects(const struct rule_entry *entry)
{
    for (size_t i = 0; i < entry->applies_count; i++) {
        if (entry->applies[i].severity == SEVERITY_ERROR || entry->applies[i].has_verdict) {
            return true;
        }
    }
    return false;
}

static enum err
read_charges(const struct source *source, int32_t item, const struct sets *sets, size_t *out,
             struct fault *fault)
{
    struct str charges = {0};

    TRY(source_text(source, item, "charges", &charges, fault));
    for (size_t i = 0; i < sets->operand_count; i++) {
        if (str_equal(sets->operands[i].name, charges) && sets->operands[i].optional) {
            return source_fail(source, item, fault,
                               "nie można obciążyć (charges) sprawozdania, którego może nie być "
                               "(optional):",
                               charges);
        }
        if (str_equal(sets->operands[i].name, charges)) {
            *out = i;
            return ERR_OK;
        }
    }
    return source_fail(source, item, fault, "nie ma operandu z atrybutu charges:", charges);
}

static enum err
read_script(const struct source *source, int32_t item, struct sets_rule *out, struct fault *fault)
{
    struct str name = str_format(source->arena, "%.*s.vtl", STR_ARG(out->entry->code));

    if (name.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "path of %.*s", STR_ARG(out->entry->code));
    }
    TRY(source_beside(source, name, &out->path, fault));
    out->vtl = bundle_file(source->bundle, out->path);
    return out->vtl.data != NULL
               ? ERR_OK
               : source_fail(source, item, fault, "nie ma pliku reguły:", out->path);
}

static enum err
read_rule(const struct source *source, int32_t item, const struct sets *sets, struct sets_rule *out,
          struct fault *fault)
{
    struct str code = {0};

    TRY(source_text(source, item, "code", &code, fault));
    out->entry = find_entry(sets->catalogue, source->path, code);
    ENSURE(out->entry != NULL);
    if (rejects(out->entry)) {
        return source_fail(source, item, fault,
                           "reguła między sprawozdaniami nie może niczego odrzucić:", code);
    }
    TRY(source_mask(source, item, "numbers", numbers, &out->numbers, fault));
    TRY(read_charges(source, item, sets, &out->charges, fault));
    return read_script(source, item, out, fault);
}

enum err
blueprint_read(struct arena *arena, struct str path, struct sets *sets, struct fault *fault)
{
    struct source source = {0};

    TRY(source_open(arena, sets->catalogue->bundle, path, "rules", &source, fault));
    TRY(read_operands(&source, sets, fault));
    int32_t it = element_child(&source.table, 0, (struct str){0}, STR("rule"));
    while (it != ELEMENT_NONE) {
        TRY(read_rule(&source, it, sets, &sets->rules[sets->rule_count], fault));
        sets->rule_count++;
        it = element_next(&source.table, it);
    }
    return ERR_OK;
}
