#include "validators/rules/inspection.h"

#include <string.h>

bool
inspection_open(struct inspection *inspection, uint32_t report)
{
    const struct rules_request *request = inspection->request;
    const struct report        *it = &request->package->reports[report];
    struct str                  year = package_trim(&it->period.year);
    struct str                  type = package_trim(&it->period.type);
    struct str                  number = package_trim(&it->period.number);

    ENSURE(report < request->package->report_count);
    if (it->state != REPORT_READ || it->form == FORM_UNKNOWN
        || !catalogue_period(request->catalogue, year, type, number, &inspection->period)) {
        return false;
    }
    ENSURE((size_t)it->form < request->catalogue->form_count);
    inspection->report = it;
    inspection->ordinal = (int32_t)report;
    inspection->form = &request->catalogue->forms[it->form];
    inspection->circumstances = rules_circumstances(request, (int32_t)report);
    return true;
}

/* Errors that the sender has named, whether they find room in the list or not. */
static void
count_objected(struct inspection *inspection, const struct rule_entry *entry, size_t count)
{
    struct str codes = inspection->request->objected;

    if (entry_objected(entry, codes)) {
        inspection->tally->objected += count;
        inspection->tally->named_objected |= entry_named(entry, codes);
    } else {
        inspection->tally->named_barred |= entry_named(entry, codes);
    }
}

enum err
inspection_count(struct inspection *inspection, const struct charge *charge, size_t count,
                 size_t *listed, struct fault *fault)
{
    size_t room = findings_room(inspection->findings, inspection->ordinal);

    inspection->tally->fired[charge->severity] += count;
    if (charge->severity == SEVERITY_ERROR && count > 0) {
        count_objected(inspection, charge->entry, count);
    }
    if (charge->severity == SEVERITY_PROPOSED && !inspection->list_proposed) {
        *listed = 0;
        return ERR_OK;
    }
    *listed = count < room ? count : room;
    if (count > room
        && !findings_add_cut(inspection->findings, inspection->ordinal, count - room)) {
        return FAIL(fault, ERR_MEMORY, "findings of report %d", inspection->ordinal);
    }
    return ERR_OK;
}

enum err
inspection_list(struct inspection *inspection, const struct charge *charge, struct finding *finding,
                struct fault *fault)
{
    struct str code = charge->entry->code;

    ENSURE(code.size < FINDING_CODE_MAX);
    memcpy(finding->code, code.data, code.size);
    finding->report = inspection->ordinal;
    if (findings_add(inspection->findings, finding) == FINDING_NO_MEMORY) {
        return FAIL(fault, ERR_MEMORY, "findings of report %d", inspection->ordinal);
    }
    return ERR_OK;
}

/* Where the cell's start tag stands, or 0 when the cell is absent. */
static uint32_t
cell_offset(const struct inspection *inspection, const struct cell_place *place)
{
    const struct columns *columns = &inspection->report->columns;
    int                   code = form_code_index(inspection->form, place->column);
    int                   amount = form_amount_index(inspection->form, place->column);

    if (code >= 0) {
        return columns->code_states[code][place->row] == CELL_ABSENT
                   ? 0
                   : columns->code_offsets[code][place->row];
    }
    if (amount >= 0) {
        return columns->amount_states[amount][place->row] == CELL_ABSENT
                   ? 0
                   : columns->amount_offsets[amount][place->row];
    }
    return 0;
}

bool
inspection_point(struct inspection *inspection, const struct cell_place *place,
                 struct finding *finding)
{
    const struct columns *columns = &inspection->report->columns;
    struct str            values[COLUMNS_CODES_MAX] = {0};
    uint32_t              offset = cell_offset(inspection, place);
    struct str            element = offset == 0 ? (struct str){0} : place->column;

    for (size_t i = 0; i < columns->code_count; i++) {
        values[i] = columns_code(columns, i, place->row);
    }
    finding->offset = offset == 0 ? columns->row_offsets[place->row] : offset;
    finding->xpath =
        package_cell_xpath(inspection->scratch, inspection->report, place->row, element);
    finding->cell = form_cell(inspection->scratch, inspection->form, values, place->column);
    return finding->xpath.data != NULL && finding->cell.data != NULL;
}

struct str
inspection_amount(struct arena *scratch, amount_wide amount, int scale)
{
    struct buf text = buf_create(scratch, AMOUNT_TEXT_MAX);
    int64_t    narrow = 0;

    if (amount_narrow(amount, &narrow)) {
        amount_write_polish(&text, narrow, scale);
    }
    return buf_str(&text);
}
