#include "validators/sets/dataset.h"

#include "validators/sets/layout.h"

#include <string.h>

enum { CELLS_MAX = 50 * 1000 * 1000 };

static const struct str no_code = STR_INIT("-");

enum { KIND_LINE, KIND_DETAIL, KINDS };

static const struct str kinds[KINDS] = {
    [KIND_LINE] = STR_INIT("wiersz"),
    [KIND_DETAIL] = STR_INIT("szczegół"),
};

/* The dataset while it is being filled. */
struct filling {
    struct arena      *arena;
    struct vocabulary *vocabulary;
    const struct form *form; /* whose codes are its components */
    struct dataset    *dataset;
    uint32_t           none;         /* no_code as a number of the vocabulary */
    uint32_t           kinds[KINDS]; /* likewise */
    size_t             count;
    uint32_t          *ids[RELATION_COMPONENTS_MAX]; /* of strings, by component */
    int64_t           *numbers;                      /* Lp */
    int64_t           *amounts;
    uint8_t           *states;
    uint32_t          *reports;
    uint32_t          *positions;
};

/* One report while it is being read. */
struct reading {
    const struct sets_report *report;
    uint32_t                  ordinal;
    uint32_t                 *texts;     /* by text of the columns: its number in the vocabulary, 0:
                                            not asked for yet */
    int      codes[COLUMNS_CODES_MAX];   /* by code of the structure: of this version, or -1 */
    uint8_t *lines;                      /* by row: 1: stands twice */
    size_t   slots[COLUMNS_AMOUNTS_MAX]; /* that are looked at */
    uint32_t names[COLUMNS_AMOUNTS_MAX]; /* of those, as numbers of the vocabulary */
    size_t   slot_count;
};

static enum err
add_text(struct filling *filling, struct str text, uint32_t *out, struct fault *fault)
{
    return vocabulary_add(filling->vocabulary, text.size == 0 ? no_code : text, out, fault);
}

/* The slots of a version of the form that rules look at, by the names of the newest version. */
static size_t
find_slots(const struct form *newest, const struct form *form, uint32_t columns, size_t *slots)
{
    size_t count = 0;

    for (size_t slot = 0; slot < form->amount_count; slot++) {
        int at = form_amount_index(newest, form->amounts[slot].name);
        if (at < 0 || (columns >> at & 1) != 0) {
            slots[count++] = slot;
        }
    }
    return count;
}

static size_t
count_standing(const uint8_t *states, size_t count)
{
    size_t standing = 0;

    for (size_t row = 0; row < count; row++) {
        standing += states[row] != CELL_ABSENT ? 1 : 0;
    }
    return standing;
}

static size_t
count_cells(const struct filling *filling)
{
    const struct dataset *dataset = filling->dataset;
    size_t                slots[COLUMNS_AMOUNTS_MAX];
    size_t                count = 0;

    for (size_t i = 0; i < dataset->report_count; i++) {
        const struct sets_report *report = &dataset->all[dataset->reports[i]];
        const struct columns     *columns = report->columns;
        size_t                    wanted =
            columns == NULL ? 0 : find_slots(filling->form, report->form, dataset->columns, slots);
        for (size_t j = 0; j < wanted; j++) {
            count += count_standing(columns->amount_states[slots[j]], columns->row_count);
        }
    }
    return count;
}

static bool
is_text(size_t component)
{
    return component != LAYOUT_ROW;
}

static enum err
make_room(struct filling *filling, struct fault *fault)
{
    size_t room = count_cells(filling) + 1;

    if (room > CELLS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu cells of one operand", room);
    }
    filling->numbers = ARENA_NEW(filling->arena, int64_t, room);
    filling->amounts = ARENA_NEW(filling->arena, int64_t, room);
    filling->states = ARENA_NEW(filling->arena, uint8_t, room);
    filling->reports = ARENA_NEW(filling->arena, uint32_t, room);
    filling->positions = ARENA_NEW(filling->arena, uint32_t, room);
    bool made = filling->numbers != NULL && filling->amounts != NULL && filling->states != NULL
                && filling->reports != NULL && filling->positions != NULL;
    for (size_t i = 0; made && i < layout_amount(filling->form); i++) {
        filling->ids[i] = is_text(i) ? ARENA_NEW(filling->arena, uint32_t, room) : NULL;
        made = filling->ids[i] != NULL || !is_text(i);
    }
    return made ? ERR_OK : FAIL(fault, ERR_MEMORY, "%zu cells of one operand", room);
}

/* The text of a cell of codes as a number of the vocabulary. */
static enum err
read_code(struct filling *filling, struct reading *reading, size_t code, size_t row, uint32_t *out,
          struct fault *fault)
{
    const struct columns *columns = reading->report->columns;
    int                   own = reading->codes[code];

    if (own < 0 || columns->code_states[own][row] != CELL_PRESENT) {
        *out = filling->none;
        return ERR_OK;
    }
    uint32_t *known = &reading->texts[columns->codes[own][row]];
    if (*known == 0) {
        TRY(add_text(filling, columns->texts[columns->codes[own][row]], known, fault));
    }
    *out = *known;
    return ERR_OK;
}

/* A position with another key code is a detail of its line, but for codes that stand on every row.
 */
static bool
is_detail(const struct sets_report *report, size_t row)
{
    const struct form *form = report->form;

    for (size_t i = 0; i < form->code_count; i++) {
        if (form->codes[i].detail && i != form->line_code
            && report->columns->code_states[i][row] != CELL_ABSENT) {
            return true;
        }
    }
    return false;
}

/* Which rows are lines that stand there twice. */
static enum err
find_doubles(struct filling *filling, struct reading *reading, struct fault *fault)
{
    const struct columns *columns = reading->report->columns;
    const struct form    *form = reading->report->form;
    uint32_t             *firsts = ARENA_NEW(filling->arena, uint32_t, columns->text_count + 1);

    reading->lines = ARENA_NEW(filling->arena, uint8_t, columns->row_count + 1);
    if (firsts == NULL || reading->lines == NULL) {
        return FAIL(fault, ERR_MEMORY, "lines of a report");
    }
    for (size_t row = 0; form->line_count > 0 && row < columns->row_count; row++) {
        uint32_t *first = &firsts[columns->codes[form->line_code][row]];
        if (is_detail(reading->report, row)) {
            continue;
        }
        if (*first != 0) {
            reading->lines[row] = 1;
            reading->lines[*first - 1] = 1;
        }
        *first = (uint32_t)row + 1;
    }
    return ERR_OK;
}

/* What differs from cell to cell of a position. */
static void
fill_cell(struct filling *filling, const struct reading *reading, size_t row, size_t i)
{
    const struct columns *columns = reading->report->columns;
    size_t                slot = reading->slots[i];
    bool   known = columns->amount_states[slot][row] == CELL_PRESENT && reading->lines[row] == 0;
    size_t at = filling->count++;

    filling->ids[layout_column(filling->form)][at] = reading->names[i];
    filling->amounts[at] = known ? columns->amounts[slot][row] : 0;
    filling->states[at] = known ? RELATION_PRESENT : RELATION_UNKNOWN;
    filling->positions[at] = (uint32_t)row;
}

static void
repeat(uint32_t *ids, size_t from, size_t to, uint32_t id)
{
    for (size_t at = from; at < to; at++) {
        ids[at] = id;
    }
}

/* What all cells of a position have in common: its kind and its codes. */
static enum err
fill_codes(struct filling *filling, struct reading *reading, size_t row, size_t from,
           struct fault *fault)
{
    bool detail = reading->report->form->line_count > 0 && is_detail(reading->report, row);

    repeat(filling->ids[LAYOUT_KIND], from, filling->count,
           filling->kinds[detail ? KIND_DETAIL : KIND_LINE]);
    for (size_t i = 0; i < filling->form->code_count; i++) {
        uint32_t id = 0;
        TRY(read_code(filling, reading, i, row, &id, fault));
        repeat(filling->ids[LAYOUT_CODES + i], from, filling->count, id);
    }
    return ERR_OK;
}

static enum err
fill_position(struct filling *filling, struct reading *reading, size_t row, struct fault *fault)
{
    const struct columns *columns = reading->report->columns;
    size_t                from = filling->count;

    for (size_t i = 0; i < reading->slot_count; i++) {
        if (columns->amount_states[reading->slots[i]][row] != CELL_ABSENT) {
            fill_cell(filling, reading, row, i);
        }
    }
    return from < filling->count ? fill_codes(filling, reading, row, from, fault) : ERR_OK;
}

/* A code that cannot be read might be any: nothing can be said of the report. */
static bool
has_unknown_code(const struct sets_report *report)
{
    const struct columns *columns = report->columns;

    for (size_t i = 0; i < columns->code_count; i++) {
        if (columns->row_count > 0
            && memchr(columns->code_states[i], CELL_UNKNOWN, columns->row_count) != NULL) {
            return true;
        }
    }
    return false;
}

static enum err
open_report(struct filling *filling, struct reading *reading, struct fault *fault)
{
    const struct form *form = reading->report->form;

    reading->texts = ARENA_NEW(filling->arena, uint32_t, reading->report->columns->text_count + 1);
    if (reading->texts == NULL) {
        return FAIL(fault, ERR_MEMORY, "codes of a report");
    }
    for (size_t i = 0; i < filling->form->code_count; i++) {
        reading->codes[i] = form_code_index(form, filling->form->codes[i].name);
    }
    reading->slot_count =
        find_slots(filling->form, form, filling->dataset->columns, reading->slots);
    for (size_t i = 0; i < reading->slot_count; i++) {
        TRY(add_text(filling, form->amounts[reading->slots[i]].name, &reading->names[i], fault));
    }
    return find_doubles(filling, reading, fault);
}

static enum err
fill_report(struct filling *filling, struct reading *reading, struct fault *fault)
{
    const struct sets_report *report = reading->report;
    size_t                    from = filling->count;
    uint32_t                  unit = 0;
    uint32_t                  variant = 0;

    TRY(add_text(filling, report->unit, &unit, fault));
    TRY(add_text(filling, report->variant, &variant, fault));
    TRY(open_report(filling, reading, fault));
    for (size_t row = 0; row < report->columns->row_count; row++) {
        TRY(fill_position(filling, reading, row, fault));
    }
    repeat(filling->ids[LAYOUT_UNIT], from, filling->count, unit);
    repeat(filling->ids[LAYOUT_VARIANT], from, filling->count, variant);
    repeat(filling->reports, from, filling->count, reading->ordinal);
    return ERR_OK;
}

static enum err
name_values(struct filling *filling, struct fault *fault)
{
    TRY(add_text(filling, no_code, &filling->none, fault));
    for (size_t i = 0; i < KINDS; i++) {
        TRY(add_text(filling, kinds[i], &filling->kinds[i], fault));
    }
    return ERR_OK;
}

static enum err
fill_reports(struct filling *filling, struct fault *fault)
{
    struct dataset *dataset = filling->dataset;

    TRY(name_values(filling, fault));
    for (size_t i = 0; i < dataset->report_count; i++) {
        struct reading reading = {.report = &dataset->all[dataset->reports[i]],
                                  .ordinal = dataset->reports[i]};
        if (reading.report->columns == NULL || has_unknown_code(reading.report)) {
            dataset->unfit = reading.report->columns == NULL
                                 ? "nie wczytano pozycji sprawozdania"
                                 : "w sprawozdaniu jest kod, którego nie da się odczytać";
            dataset->unfit_report = reading.ordinal;
            break;
        }
        TRY(fill_report(filling, &reading, fault));
    }
    repeat(filling->ids[LAYOUT_SET], 0, filling->count, filling->none);
    for (size_t at = 0; at < filling->count; at++) {
        filling->numbers[at] = (int64_t)at + 1;
    }
    return ERR_OK;
}

static enum err
make_relation(const struct filling *filling, const struct relation_component *components,
              uint32_t number, struct relation *out, struct fault *fault)
{
    size_t                  count = layout_count(filling->form);
    struct relation_column *columns = ARENA_NEW(filling->arena, struct relation_column, count);

    if (columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of an operand");
    }
    for (size_t i = 0; i < count; i++) {
        columns[i].ids = filling->ids[i];
    }
    columns[LAYOUT_ROW] = (struct relation_column){.values = filling->numbers};
    columns[layout_amount(filling->form)] =
        (struct relation_column){.values = filling->amounts, .states = filling->states};
    struct relation made = {.vocabulary = filling->vocabulary,
                            .component_count = count,
                            .components = components,
                            .columns = columns,
                            .row_count = filling->count};
    return relation_create(filling->arena, &made, number, out, fault);
}

enum err
dataset_fill(struct arena *arena, const struct sets *sets, size_t number,
             struct vocabulary *vocabulary, struct dataset *dataset, struct fault *fault)
{
    struct filling filling = {
        .arena = arena,
        .vocabulary = vocabulary,
        .form = scheme_form(sets->catalogue, sets->operands[number].form),
        .dataset = dataset,
    };
    const struct relation_component *components = layout_make(arena, filling.form);

    if (components == NULL) {
        return FAIL(fault, ERR_MEMORY, "structure of %.*s", STR_ARG(filling.form->code));
    }
    TRY(make_room(&filling, fault));
    TRY(fill_reports(&filling, fault));
    TRY(make_relation(&filling, components, (uint32_t)number, &dataset->relation, fault));
    dataset->row_reports = filling.reports;
    dataset->row_positions = filling.positions;
    return ERR_OK;
}
