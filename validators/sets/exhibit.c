#include "validators/sets/exhibit.h"

enum err
exhibit_refuse(const struct exhibit_source *source, int32_t item, const char *text,
               struct str value, struct fault *fault)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*s:%u: %s „%.*s”", STR_ARG(source->path),
                source->table->items[item].start, text, STR_ARG(value));
}

static struct str
attribute(const struct exhibit_source *source, int32_t item, const char *name,
          const char *otherwise)
{
    struct str value = element_attribute(source->table, item, name);

    return value.data == NULL ? str_of(otherwise) : value;
}

/* A leading '!' makes a cell that cannot be read. */
static enum err
fill_cell(const struct exhibit_source *source, int32_t item, const struct element_attribute *cell,
          const struct form *form, struct columns *columns, struct fault *fault)
{
    int      code = form_code_index(form, cell->name);
    int      slot = form_amount_index(form, cell->name);
    bool     bad = str_starts_with(cell->value, STR("!"));
    uint32_t offset = (uint32_t)columns->row_count * EXHIBIT_ROW_STEP + 1;
    int64_t  amount = 0;

    if (code < 0 && slot < 0) {
        return exhibit_refuse(source, item, "formularz nie ma kolumny", cell->name, fault);
    }
    if (code >= 0) {
        return columns_set_code(columns, (size_t)code, bad ? CELL_UNKNOWN : CELL_PRESENT,
                                cell->value, offset)
                   ? ERR_OK
                   : FAIL(fault, ERR_MEMORY, "codes of a case");
    }
    if (!bad && amount_parse(cell->value, form->amounts[slot].scale, &amount) != AMOUNT_OK) {
        return exhibit_refuse(source, item, "to nie jest kwota:", cell->value, fault);
    }
    columns_set_amount(columns, (size_t)slot, bad ? CELL_UNKNOWN : CELL_PRESENT, amount,
                       offset + (uint32_t)slot + 1);
    return ERR_OK;
}

static enum err
fill_rows(struct arena *arena, const struct exhibit_source *source, int32_t item,
          struct sets_report *out, struct fault *fault)
{
    struct columns *columns = ARENA_NEW(arena, struct columns, 1);
    int32_t         row = element_child(source->table, item, (struct str){0}, STR("row"));

    if (columns == NULL
        || !columns_create(arena, out->form->code_count, out->form->amount_count, columns)) {
        return FAIL(fault, ERR_MEMORY, "columns of a case");
    }
    while (row != ELEMENT_NONE) {
        const struct element *element = &source->table->items[row];
        if (!columns_add_row(columns, (uint32_t)(columns->row_count + 1) * EXHIBIT_ROW_STEP)) {
            return FAIL(fault, ERR_MEMORY, "rows of a case");
        }
        for (size_t i = 0; i < element->attribute_count; i++) {
            TRY(fill_cell(source, row, &element->attributes[i], out->form, columns, fault));
        }
        row = element_next(source->table, row);
    }
    out->columns = columns;
    return ERR_OK;
}

/* The operand that an element is about, and its period. */
static enum err
find_operand(const struct exhibit_source *source, int32_t item, const struct sets_key *key,
             const struct sets_operand **out, struct period *period, struct fault *fault)
{
    struct str name = attribute(source, item, "of", "");

    for (size_t i = 0; i < source->sets->operand_count; i++) {
        const struct sets_operand *operand = &source->sets->operands[i];
        if (str_equal(operand->name, name)) {
            *out = operand;
            return scheme_period(key, operand->when, period)
                       ? ERR_OK
                       : exhibit_refuse(source, item, "nie ma takiego okresu dla operandu", name,
                                        fault);
        }
    }
    return exhibit_refuse(source, item, "nie ma takiego operandu:", name, fault);
}

/* The level that stands there, else the operand's first. */
static struct str
level_of(const struct exhibit_source *source, int32_t item, const struct sets_operand *operand)
{
    struct str rest = operand->levels;
    struct str level = {0};

    (void)str_cut(&rest, ' ', &level);
    struct str given = attribute(source, item, "level", "");
    return given.size > 0 ? given : level;
}

static enum err
build_report(struct arena *arena, const struct exhibit_source *source, int32_t item,
             const struct sets_key *key, struct sets_report *out, struct fault *fault)
{
    const struct sets_operand *operand = NULL;
    const struct catalogue    *catalogue = source->sets->catalogue;

    TRY(find_operand(source, item, key, &operand, &out->period, fault));
    ENSURE(operand != NULL);
    const struct form *newest = scheme_form(catalogue, operand->form);
    int32_t            form = catalogue_form(catalogue, newest->element, out->period.end);
    if (form < 0) {
        return exhibit_refuse(source, item, "formularz nie ma wersji na ten okres:", operand->form,
                              fault);
    }
    out->form = &catalogue->forms[form];
    out->level = level_of(source, item, operand);
    out->unit = attribute(source, item, "unit", "JST");
    out->variant = attribute(source, item, "variant", "");
    return fill_rows(arena, source, item, out, fault);
}

static enum err
build_reports(struct arena *arena, const struct exhibit_source *source, int32_t item,
              struct sets_facts *out, struct fault *fault)
{
    size_t              room = source->table->count;
    struct sets_report *reports = ARENA_NEW(arena, struct sets_report, room);
    int32_t             it = element_child(source->table, item, (struct str){0}, STR("report"));

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "reports of a case");
    }
    out->reports = reports;
    while (it != ELEMENT_NONE) {
        TRY(build_report(arena, source, it, &out->key, &reports[out->report_count], fault));
        out->report_count++;
        it = element_next(source->table, it);
    }
    return ERR_OK;
}

static enum err
build_awaited(struct arena *arena, const struct exhibit_source *source, int32_t item,
              struct sets_facts *out, struct fault *fault)
{
    struct sets_awaited *awaited = ARENA_NEW(arena, struct sets_awaited, source->table->count);
    int32_t              it = element_child(source->table, item, (struct str){0}, STR("awaited"));

    if (awaited == NULL) {
        return FAIL(fault, ERR_MEMORY, "awaited reports of a case");
    }
    out->awaited = awaited;
    while (it != ELEMENT_NONE) {
        const struct sets_operand *operand = NULL;
        struct sets_awaited       *item_out = &awaited[out->awaited_count];
        TRY(find_operand(source, it, &out->key, &operand, &item_out->period, fault));
        ENSURE(operand != NULL);
        item_out->form = operand->form;
        item_out->level = level_of(source, it, operand);
        item_out->unit = attribute(source, it, "unit", "");
        item_out->name = attribute(source, it, "name", "");
        out->awaited_count++;
        it = element_next(source->table, it);
    }
    return ERR_OK;
}

enum err
exhibit_build(struct arena *arena, const struct exhibit_source *source, int32_t item,
              struct sets_facts *out, struct fault *fault)
{
    struct str known = attribute(source, item, "known", "true");

    *out = (struct sets_facts){.environment = ENVIRONMENT_TEST, .seed = 1};
    out->key.scope = source->scope;
    if (!catalogue_period(source->sets->catalogue, attribute(source, item, "rok", "2026"),
                          attribute(source, item, "okres-typ", "Kwartal"),
                          attribute(source, item, "okres", "2"), &out->key.period)) {
        return exhibit_refuse(
            source, item, "nie ma takiego okresu:", attribute(source, item, "okres", "2"), fault);
    }
    if (!str_equal(known, STR("true")) && !str_equal(known, STR("false"))) {
        return exhibit_refuse(source, item, "atrybut known to true albo false, nie", known, fault);
    }
    out->awaited_known = str_equal(known, STR("true"));
    TRY(build_reports(arena, source, item, out, fault));
    return build_awaited(arena, source, item, out, fault);
}
