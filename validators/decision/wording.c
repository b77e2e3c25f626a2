#include "validators/decision/wording.h"

#include "validators/base/amount.h"
#include "validators/catalogue/placeholder.h"

#include <string.h>

/* The row whose Pozycja begins at or before offset; false when the report has none there. */
static bool
row_at(const struct report *report, uint32_t offset, size_t *out)
{
    size_t low = 0;
    size_t high = report->columns.row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (report->columns.row_offsets[middle] <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return false;
    }
    *out = low - 1;
    return true;
}

static bool
fill_column(const struct wording *wording, struct str name, struct buf *out)
{
    size_t row = 0;
    int    slot = wording->form == NULL ? -1 : form_amount_index(wording->form, name);
    int    code = wording->form == NULL ? -1 : form_code_index(wording->form, name);

    if ((slot < 0 && code < 0) || wording->report == NULL
        || !row_at(wording->report, wording->finding->offset, &row)) {
        return false;
    }
    const struct columns *columns = &wording->report->columns;
    if (code >= 0) {
        struct str value = columns_code(columns, (size_t)code, row);
        buf_append(out, value.size == 0 ? STR("brak") : value);
    } else if (columns->amount_states[slot][row] == CELL_PRESENT) {
        amount_write_polish(out, columns->amounts[slot][row], wording->form->amounts[slot].scale);
    } else {
        buf_append(out, STR("brak"));
    }
    return true;
}

/* Write the value of a placeholder; false when nobody knows this name. */
static bool
fill(const struct wording *wording, struct str name, struct buf *out)
{
    const struct finding *finding = wording->finding;
    const struct str      values[PLACEHOLDER_FIELDS] = {
             [PLACEHOLDER_SUBJECT] = finding->subject,
             [PLACEHOLDER_FOUND] = finding->found,
             [PLACEHOLDER_EXPECTED] = finding->expected,
             [PLACEHOLDER_CELL] = finding->cell,
             [PLACEHOLDER_DIFFERENCE] = finding->difference,
             [PLACEHOLDER_TECHNICAL] = finding->technical,
    };
    enum placeholder_field field = placeholder_field(name);

    if (field != PLACEHOLDER_FIELDS) {
        buf_append(out, values[field].size == 0 ? STR("brak") : values[field]);
        return true;
    }
    return fill_column(wording, name, out);
}

enum err
wording_fill(struct arena *arena, const struct wording *wording, struct str text, struct str *out,
             struct fault *fault)
{
    struct buf filled = buf_create(arena, WORDING_MAX);

    while (text.size > 0 && !filled.full) {
        struct str name = placeholder_name(text);
        if (name.size > 0 && fill(wording, name, &filled)) {
            text = str_slice(text, name.size + 2, text.size);
        } else {
            buf_byte(&filled, text.data[0]);
            text = str_slice(text, 1, text.size);
        }
    }
    struct str kept = str_copy(arena, buf_str(&filled));
    if (kept.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "text of finding %s", wording->finding->code);
    }
    *out = kept;
    return ERR_OK;
}
