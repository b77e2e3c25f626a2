#include "validators/sets/dataset.h"

#include <string.h>

enum { FIXED_BEFORE = 5, FIXED_BEHIND = 2, CELLS_MAX = 50 * 1000 * 1000 };

enum { OF_SET, OF_UNIT, OF_VARIANT, OF_ROW, OF_KIND };

static const struct str no_code = STR_INIT("-");

/* The dataset while it is being filled. */
struct filling {
    struct arena      *arena;
    struct vocabulary *vocabulary;
    const struct form *form; /* whose codes are its components */
    struct dataset    *dataset;
    size_t             capacity;
    size_t             count;
    size_t             component_count;
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
    uint32_t                 *texts;   /* by text of the columns: its number in the vocabulary, 0:
                                          not asked for yet */
    int      codes[COLUMNS_CODES_MAX]; /* by code of the structure: of this version, or -1 */
    uint8_t *lines;                    /* by row: 1: stands twice */
};

static enum err
add_text(struct filling *filling, struct str text, uint32_t *out, struct fault *fault)
{
    return vocabulary_add(filling->vocabulary, text.size == 0 ? no_code : text, out, fault);
}

static size_t
count_report(const struct columns *columns)
{
    size_t count = 0;

    for (size_t slot = 0; columns != NULL && slot < columns->amount_count; slot++) {
        for (size_t row = 0; row < columns->row_count; row++) {
            count += columns->amount_states[slot][row] != CELL_ABSENT ? 1 : 0;
        }
    }
    return count;
}

static size_t
count_cells(const struct dataset *dataset)
{
    size_t count = 0;

    for (size_t i = 0; i < dataset->report_count; i++) {
        count += count_report(dataset->all[dataset->reports[i]].columns);
    }
    return count;
}

static bool
is_text(size_t component)
{
    return component != OF_ROW;
}

static enum err
make_room(struct filling *filling, struct fault *fault)
{
    size_t room = count_cells(filling->dataset) + 1;

    if (room > CELLS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu cells of one operand", room);
    }
    filling->capacity = room;
    filling->numbers = ARENA_NEW(filling->arena, int64_t, room);
    filling->amounts = ARENA_NEW(filling->arena, int64_t, room);
    filling->states = ARENA_NEW(filling->arena, uint8_t, room);
    filling->reports = ARENA_NEW(filling->arena, uint32_t, room);
    filling->positions = ARENA_NEW(filling->arena, uint32_t, room);
    bool made = filling->numbers != NULL && filling->amounts != NULL && filling->states != NULL
                && filling->reports != NULL && filling->positions != NULL;
    for (size_t i = 0; made && i + 1 < filling->component_count; i++) {
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
        return add_text(filling, no_code, out, fault);
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

static void
fill_row(struct filling *filling, const uint32_t *ids, size_t column, const struct reading *reading,
         size_t row, size_t slot)
{
    const struct columns *columns = reading->report->columns;
    bool   known = columns->amount_states[slot][row] == CELL_PRESENT && reading->lines[row] == 0;
    size_t at = filling->count++;

    for (size_t i = 0; i + 1 < filling->component_count; i++) {
        if (is_text(i)) {
            filling->ids[i][at] = ids[i];
        }
    }
    filling->ids[filling->component_count - FIXED_BEHIND][at] = ids[column];
    filling->numbers[at] = (int64_t)at + 1;
    filling->amounts[at] = known ? columns->amounts[slot][row] : 0;
    filling->states[at] = known ? RELATION_PRESENT : RELATION_UNKNOWN;
    filling->reports[at] = reading->ordinal;
    filling->positions[at] = (uint32_t)row;
}

static enum err
fill_position(struct filling *filling, struct reading *reading, uint32_t *ids, size_t row,
              struct fault *fault)
{
    const struct columns *columns = reading->report->columns;
    const struct form    *form = reading->report->form;
    size_t                column = filling->component_count - FIXED_BEHIND;
    bool                  detail = form->line_count > 0 && is_detail(reading->report, row);

    TRY(add_text(filling, detail ? STR("szczegół") : STR("wiersz"), &ids[OF_KIND], fault));
    for (size_t i = 0; i < filling->form->code_count; i++) {
        TRY(read_code(filling, reading, i, row, &ids[FIXED_BEFORE + i], fault));
    }
    for (size_t slot = 0; slot < columns->amount_count; slot++) {
        if (columns->amount_states[slot][row] == CELL_ABSENT) {
            continue;
        }
        TRY(add_text(filling, form->amounts[slot].name, &ids[column], fault));
        fill_row(filling, ids, column, reading, row, slot);
    }
    return ERR_OK;
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
fill_report(struct filling *filling, struct reading *reading, uint32_t *ids, struct fault *fault)
{
    const struct sets_report *report = reading->report;

    TRY(add_text(filling, report->unit, &ids[OF_UNIT], fault));
    TRY(add_text(filling, report->variant, &ids[OF_VARIANT], fault));
    reading->texts = ARENA_NEW(filling->arena, uint32_t, report->columns->text_count + 1);
    if (reading->texts == NULL) {
        return FAIL(fault, ERR_MEMORY, "codes of a report");
    }
    for (size_t i = 0; i < filling->form->code_count; i++) {
        reading->codes[i] = form_code_index(report->form, filling->form->codes[i].name);
    }
    TRY(find_doubles(filling, reading, fault));
    for (size_t row = 0; row < report->columns->row_count; row++) {
        TRY(fill_position(filling, reading, ids, row, fault));
    }
    return ERR_OK;
}

static enum err
fill_reports(struct filling *filling, struct fault *fault)
{
    struct dataset *dataset = filling->dataset;
    uint32_t        ids[RELATION_COMPONENTS_MAX] = {0};

    TRY(add_text(filling, no_code, &ids[OF_SET], fault));
    for (size_t i = 0; i < dataset->report_count; i++) {
        struct reading reading = {.report = &dataset->all[dataset->reports[i]],
                                  .ordinal = dataset->reports[i]};
        if (reading.report->columns == NULL || has_unknown_code(reading.report)) {
            dataset->unfit = reading.report->columns == NULL
                                 ? "nie wczytano pozycji sprawozdania"
                                 : "w sprawozdaniu jest kod, którego nie da się odczytać";
            dataset->unfit_report = reading.ordinal;
            return ERR_OK;
        }
        TRY(fill_report(filling, &reading, ids, fault));
    }
    return ERR_OK;
}

static enum err
name_components(struct filling *filling, struct relation_component **out, struct fault *fault)
{
    static const struct relation_component before[FIXED_BEFORE] = {
        [OF_SET] = {.name = STR_INIT("Zestaw"),    .type = RELATION_STRING },
        [OF_UNIT] = {.name = STR_INIT("Jednostka"), .type = RELATION_STRING },
        [OF_VARIANT] = {.name = STR_INIT("Wariant"),   .type = RELATION_STRING },
        [OF_ROW] = {.name = STR_INIT("Lp"),        .type = RELATION_INTEGER},
        [OF_KIND] = {.name = STR_INIT("Rodzaj"),    .type = RELATION_STRING },
    };
    const struct form         *form = filling->form;
    size_t                     count = FIXED_BEFORE + form->code_count + FIXED_BEHIND;
    struct relation_component *made = ARENA_NEW(filling->arena, struct relation_component, count);

    if (made == NULL) {
        return FAIL(fault, ERR_MEMORY, "structure of %.*s", STR_ARG(form->code));
    }
    memcpy(made, before, sizeof before);
    for (size_t i = 0; i < form->code_count; i++) {
        made[FIXED_BEFORE + i] =
            (struct relation_component){.name = form->codes[i].name, .type = RELATION_STRING};
    }
    made[count - 2] = (struct relation_component){.name = STR("Kolumna"), .type = RELATION_STRING};
    made[count - 1] = (struct relation_component){.name = STR("Kwota"),
                                                  .role = RELATION_MEASURE,
                                                  .type = RELATION_NUMBER,
                                                  .scale = form->amounts[0].scale};
    filling->component_count = count;
    *out = made;
    return ERR_OK;
}

static enum err
make_relation(const struct filling *filling, const struct relation_component *components,
              uint32_t number, struct relation *out, struct fault *fault)
{
    size_t                  count = filling->component_count;
    struct relation_column *columns = ARENA_NEW(filling->arena, struct relation_column, count);

    if (columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of an operand");
    }
    for (size_t i = 0; i < count; i++) {
        columns[i].ids = filling->ids[i];
    }
    columns[OF_ROW] = (struct relation_column){.values = filling->numbers};
    columns[count - 1] =
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
    struct relation_component *components = NULL;
    struct filling             filling = {
                    .arena = arena,
                    .vocabulary = vocabulary,
                    .form = scheme_form(sets->catalogue, sets->operands[number].form),
                    .dataset = dataset,
    };

    TRY(name_components(&filling, &components, fault));
    TRY(make_room(&filling, fault));
    TRY(fill_reports(&filling, fault));
    TRY(make_relation(&filling, components, (uint32_t)number, &dataset->relation, fault));
    dataset->row_reports = filling.reports;
    dataset->row_positions = filling.positions;
    return ERR_OK;
}
