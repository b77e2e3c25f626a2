#include "validators/rules/specimen.h"

#include <string.h>

enum err
specimen_refuse(const struct case_source *source, int32_t item, const char *text, struct str value,
                struct fault *fault)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*s:%u: %s „%.*s”", STR_ARG(source->path),
                source->table->items[item].start, text, STR_ARG(value));
}

/* An attribute, or what holds when it is left out. */
static struct field
read_field(const struct case_source *source, int32_t item, const char *name, const char *otherwise)
{
    struct str value = element_attribute(source->table, item, name);

    return (struct field){.text = value.data == NULL ? str_of(otherwise) : value};
}

static enum err
fill_code(const struct case_source *source, int32_t item, struct columns *columns, size_t index,
          struct fault *fault)
{
    const struct form *form = &source->catalogue->forms[source->form];
    uint32_t           offset = columns->row_offsets[columns->row_count - 1] + 1 + (uint32_t)index;
    struct str         name = str_copy(columns->arena, form->codes[index].name);
    struct str         value =
        name.data == NULL ? (struct str){0} : element_attribute(source->table, item, name.data);
    bool bad = str_starts_with(value, STR("!"));

    if (value.data == NULL) {
        return ERR_OK;
    }
    if (!columns_set_code(columns, index, bad ? CELL_UNKNOWN : CELL_PRESENT, value, offset)) {
        return FAIL(fault, ERR_MEMORY, "codes of a case");
    }
    return ERR_OK;
}

static enum err
fill_amount(const struct case_source *source, int32_t item, struct columns *columns, size_t slot,
            struct fault *fault)
{
    const struct form *form = &source->catalogue->forms[source->form];
    uint32_t           offset =
        columns->row_offsets[columns->row_count - 1] + 1 + (uint32_t)(form->code_count + slot);
    struct str name = str_copy(columns->arena, form->amounts[slot].name);
    struct str value =
        name.data == NULL ? (struct str){0} : element_attribute(source->table, item, name.data);
    int64_t amount = 0;

    if (value.data == NULL) {
        return ERR_OK;
    }
    if (str_starts_with(value, STR("!"))) {
        columns_set_amount(columns, slot, CELL_UNKNOWN, 0, offset);
        return ERR_OK;
    }
    if (amount_parse(value, form->amounts[slot].scale, &amount) != AMOUNT_OK) {
        return specimen_refuse(source, item, "to nie jest kwota:", value, fault);
    }
    columns_set_amount(columns, slot, CELL_PRESENT, amount, offset);
    return ERR_OK;
}

/* A name that is no column would silently change nothing. */
static enum err
refuse_unknown_columns(const struct case_source *source, int32_t item, struct fault *fault)
{
    const struct form    *form = &source->catalogue->forms[source->form];
    const struct element *element = &source->table->items[item];

    for (size_t i = 0; i < element->attribute_count; i++) {
        struct str name = element->attributes[i].name;
        if (form_code_index(form, name) < 0 && form_amount_index(form, name) < 0) {
            return specimen_refuse(source, item, "formularz nie ma kolumny", name, fault);
        }
    }
    return ERR_OK;
}

static enum err
fill_row(const struct case_source *source, int32_t item, struct columns *columns,
         struct fault *fault)
{
    TRY(refuse_unknown_columns(source, item, fault));
    if (!columns_add_row(columns, (uint32_t)(columns->row_count + 1) * SPECIMEN_ROW_STEP)) {
        return FAIL(fault, ERR_MEMORY, "rows of a case");
    }
    for (size_t i = 0; i < columns->code_count; i++) {
        TRY(fill_code(source, item, columns, i, fault));
    }
    for (size_t i = 0; i < columns->amount_count; i++) {
        TRY(fill_amount(source, item, columns, i, fault));
    }
    return ERR_OK;
}

static enum err
fill_rows(struct arena *arena, const struct case_source *source, int32_t item,
          struct columns *columns, struct fault *fault)
{
    const struct form *form = &source->catalogue->forms[source->form];
    int32_t            row = element_child(source->table, item, (struct str){0}, STR("row"));

    if (!columns_create(arena, form->code_count, form->amount_count, columns)) {
        return FAIL(fault, ERR_MEMORY, "columns of a case");
    }
    while (row != ELEMENT_NONE) {
        TRY(fill_row(source, row, columns, fault));
        row = element_next(source->table, row);
    }
    return ERR_OK;
}

static enum err
read_figure_amount(const struct case_source *source, int32_t item, const char *name, int64_t *out,
                   struct fault *fault)
{
    struct str text = read_field(source, item, name, "0.00").text;

    return amount_parse(text, 2, out) == AMOUNT_OK
               ? ERR_OK
               : specimen_refuse(source, item, "to nie jest kwota:", text, fault);
}

static enum err
read_figure(const struct case_source *source, int32_t item, struct figure *out, struct fault *fault)
{
    static const char *const kinds[] = {[FIGURE_CONTROL] = "control",
                                        [FIGURE_LAST_YEAR] = "last-year",
                                        [FIGURE_PEERS] = "peers",
                                        [FIGURE_PLAN] = "plan"};

    struct str kind = element_attribute(source->table, item, "kind");
    struct str peers = read_field(source, item, "peers", "0").text;

    *out = (struct figure){.by = read_field(source, item, "by", "").text,
                           .key = read_field(source, item, "key", "").text};
    while ((size_t)out->kind < ARRAY_COUNT(kinds) && !str_equal(kind, str_of(kinds[out->kind]))) {
        out->kind++;
    }
    if ((size_t)out->kind == ARRAY_COUNT(kinds)) {
        return specimen_refuse(source, item, "nieznane słowo", kind, fault);
    }
    if (!str_to_number(peers, &out->peers)) {
        return specimen_refuse(source, item, "to nie jest liczba:", peers, fault);
    }
    TRY(read_figure_amount(source, item, "amount", &out->amount, fault));
    return read_figure_amount(source, item, "spread", &out->spread, fault);
}

/* Each is of the column that the rule of the file points at. */
static enum err
read_figures(struct arena *arena, const struct case_source *source, int32_t item,
             struct figures *out, struct fault *fault)
{
    struct figure *figures = ARENA_NEW(arena, struct figure, source->table->count + 1);
    int32_t        it = element_child(source->table, item, (struct str){0}, STR("figure"));

    if (figures == NULL) {
        return FAIL(fault, ERR_MEMORY, "figures of a case");
    }
    for (; it != ELEMENT_NONE; it = element_next(source->table, it)) {
        TRY(read_figure(source, it, &figures[out->count], fault));
        figures[out->count].column = source->points;
        out->count++;
    }
    out->items = figures;
    return ERR_OK;
}

static enum err
read_arrival(const struct case_source *source, int32_t item, moment *out, struct fault *fault)
{
    struct str at = read_field(source, item, "at", "2026-07-24").text;

    if (!moment_parse_when(at, out)) {
        return specimen_refuse(source, item, "atrybut at nie jest datą:", at, fault);
    }
    return ERR_OK;
}

enum err
specimen_build(struct arena *arena, const struct case_source *source, int32_t item,
               struct specimen *out, struct fault *fault)
{
    const struct form *form = &source->catalogue->forms[source->form];
    struct report     *report = &out->report;

    *out = (struct specimen){0};
    TRY(read_arrival(source, item, &out->at, fault));
    report->state = REPORT_READ;
    report->form = source->form;
    report->ordinal = 1;
    report->element = form->element;
    report->period.year = read_field(source, item, "rok", "2026");
    report->period.type = read_field(source, item, "okres-typ", "Kwartal");
    report->period.number = read_field(source, item, "okres", "2");
    report->identity.fields[UNIT_TYPE] = read_field(source, item, "typ", "JB");
    report->header.date = read_field(source, item, "date", "");
    TRY(fill_rows(arena, source, item, &report->columns, fault));
    TRY(read_figures(arena, source, item, &out->figures, fault));
    out->unit.report_count = 1;
    out->unit.identity = report->identity;
    out->package.complete = true;
    out->package.units = &out->unit;
    out->package.unit_count = 1;
    out->package.reports = report;
    out->package.report_count = 1;
    return ERR_OK;
}
