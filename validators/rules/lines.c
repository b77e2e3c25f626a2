#include "validators/rules/lines.h"

enum { ROWS_NONE = 0 };
#define ROWS_TWICE UINT32_MAX

/* For each distinct text of the report: the line that it is the symbol of, from 1; 0: none. */
static uint32_t *
lines_of_texts(const struct inspection *inspection)
{
    const struct columns *columns = &inspection->report->columns;
    uint32_t             *lines = ARENA_NEW(inspection->scratch, uint32_t, columns->text_count + 1);

    for (size_t i = 1; lines != NULL && i < columns->text_count; i++) {
        lines[i] = (uint32_t)(form_line_index(inspection->form, columns->texts[i]) + 1);
    }
    return lines;
}

/* A position with another key code is a detail of its line, but for codes that stand on every row.
 */
static bool
is_detail(const struct inspection *inspection, size_t row)
{
    const struct form    *form = inspection->form;
    const struct columns *columns = &inspection->report->columns;

    for (size_t i = 0; i < form->code_count; i++) {
        if (form->codes[i].detail && i != form->line_code
            && columns->code_states[i][row] != CELL_ABSENT) {
            return true;
        }
    }
    return false;
}

/* Where each line stands; *unclear: some position's symbol cannot be read. */
static bool
find_rows(struct inspection *inspection, uint32_t *rows, bool *unclear)
{
    const struct columns *columns = &inspection->report->columns;
    size_t                code = inspection->form->line_code;
    const uint32_t       *lines = lines_of_texts(inspection);

    if (lines == NULL) {
        return false;
    }
    for (size_t row = 0; row < columns->row_count; row++) {
        uint32_t line = lines[columns->codes[code][row]];
        *unclear = *unclear || columns->code_states[code][row] == CELL_UNKNOWN;
        if (line > 0 && !is_detail(inspection, row)) {
            rows[line - 1] = rows[line - 1] == ROWS_NONE ? (uint32_t)row + 1 : ROWS_TWICE;
        }
    }
    return true;
}

/* The cells of one line, one for each column of amounts. */
static bool
fill_line(const struct inspection *inspection, uint32_t row, bool unclear, struct vtl_column *out)
{
    const struct columns *columns = &inspection->report->columns;
    size_t                count = columns->amount_count;
    int64_t              *values = ARENA_NEW(inspection->scratch, int64_t, count + 1);
    uint8_t              *states = ARENA_NEW(inspection->scratch, uint8_t, count + 1);
    bool                  stands = row != ROWS_NONE && row != ROWS_TWICE;
    uint8_t               otherwise = row == ROWS_TWICE || unclear ? CELL_UNKNOWN : CELL_ABSENT;

    if (values == NULL || states == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = stands ? columns->amounts[i][row - 1] : 0;
        states[i] = stands ? columns->amount_states[i][row - 1] : otherwise;
    }
    *out = (struct vtl_column){.values = values, .states = states};
    return true;
}

/* The names of the columns of amounts as the dictionary of texts, and the component of them. */
static bool
fill_names(const struct inspection *inspection, struct vtl_data *data, struct vtl_column *out)
{
    const struct form *form = inspection->form;
    struct str        *texts = ARENA_NEW(inspection->scratch, struct str, form->amount_count + 1);
    uint32_t          *ids = ARENA_NEW(inspection->scratch, uint32_t, form->amount_count + 1);

    if (texts == NULL || ids == NULL) {
        return false;
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        texts[i + 1] = form->amounts[i].name;
        ids[i] = (uint32_t)i + 1;
    }
    data->texts = texts;
    data->text_count = form->amount_count + 1;
    *out = (struct vtl_column){.ids = ids};
    return true;
}

enum err
lines_fill(struct inspection *inspection, struct lines *out, struct vtl_data *data,
           struct fault *fault)
{
    size_t             count = inspection->form->line_count;
    uint32_t          *rows = ARENA_NEW(inspection->scratch, uint32_t, count + 1);
    struct vtl_column *filled = ARENA_NEW(inspection->scratch, struct vtl_column, count + 1);
    bool               unclear = false;

    if (rows == NULL || filled == NULL || !find_rows(inspection, rows, &unclear)
        || !fill_names(inspection, data, &filled[0])) {
        return FAIL(fault, ERR_MEMORY, "lines of a report");
    }
    for (size_t i = 0; i < count; i++) {
        if (!fill_line(inspection, rows[i], unclear, &filled[i + 1])) {
            return FAIL(fault, ERR_MEMORY, "lines of a report");
        }
        rows[i] = rows[i] == ROWS_TWICE ? ROWS_NONE : rows[i];
    }
    data->columns = filled;
    data->row_count = inspection->report->columns.amount_count;
    out->rows = rows;
    return ERR_OK;
}

bool
lines_point(struct inspection *inspection, const struct lines *lines, size_t line, size_t slot,
            struct finding *finding)
{
    const struct form *form = inspection->form;
    struct str         column = form->amounts[slot].name;
    struct str         values[COLUMNS_CODES_MAX] = {0};

    if (lines->rows[line] != ROWS_NONE) {
        struct cell_place place = {.row = lines->rows[line] - 1, .column = column};
        return inspection_point(inspection, &place, finding);
    }
    values[form->line_code] = form->lines[line].symbol;
    finding->xpath = package_rows_xpath(inspection->scratch, inspection->report, &finding->offset);
    finding->cell = form_cell(inspection->scratch, form, values, column);
    return finding->xpath.data != NULL && finding->cell.data != NULL;
}
