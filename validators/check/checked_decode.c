#include "validators/base/amount.h"
#include "validators/base/parcel.h"
#include "validators/check/checked.h"

#include <string.h>

/* What the bytes are checked against. */
struct decoding {
    struct parcel           parcel;
    size_t                  file_size;
    const struct catalogue *catalogue;
};

static uint32_t
take_offset(struct decoding *decoding)
{
    return (uint32_t)parcel_number(&decoding->parcel, decoding->file_size);
}

static struct field
take_field(struct decoding *decoding)
{
    struct field field = {.text = parcel_text(&decoding->parcel)};

    field.offset = take_offset(decoding);
    return field;
}

static struct period_fields
take_period(struct decoding *decoding)
{
    struct period_fields period = {0};

    period.year = take_field(decoding);
    period.type = take_field(decoding);
    period.number = take_field(decoding);
    period.offset = take_offset(decoding);
    return period;
}

static struct unit_identity
take_identity(struct decoding *decoding)
{
    struct unit_identity identity = {0};

    for (size_t i = 0; i < UNIT_FIELD_COUNT; i++) {
        identity.fields[i] = take_field(decoding);
    }
    identity.offset = take_offset(decoding);
    return identity;
}

static uint32_t *
take_offsets(struct decoding *decoding, size_t rows)
{
    uint32_t *offsets = parcel_array(&decoding->parcel, rows, sizeof *offsets);

    for (size_t i = 0; offsets != NULL && i < rows; i++) {
        decoding->parcel.bad = decoding->parcel.bad || offsets[i] > decoding->file_size;
    }
    return offsets;
}

static uint8_t *
take_states(struct decoding *decoding, size_t rows)
{
    uint8_t *states = parcel_array(&decoding->parcel, rows, sizeof *states);

    for (size_t i = 0; states != NULL && i < rows; i++) {
        decoding->parcel.bad = decoding->parcel.bad || states[i] > CELL_UNKNOWN;
    }
    return states;
}

static void
take_code_column(struct decoding *decoding, struct columns *columns, size_t code)
{
    size_t    rows = columns->row_count;
    uint32_t *ids = parcel_array(&decoding->parcel, rows, sizeof *ids);
    uint8_t  *states = take_states(decoding, rows);

    columns->code_offsets[code] = take_offsets(decoding, rows);
    columns->codes[code] = ids;
    columns->code_states[code] = states;
    if (decoding->parcel.bad) {
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        bool present = states[i] == CELL_PRESENT;
        if (ids[i] >= columns->text_count || present != (ids[i] != 0)) {
            decoding->parcel.bad = true;
        }
    }
}

static void
take_amount_column(struct decoding *decoding, struct columns *columns, size_t slot)
{
    size_t   rows = columns->row_count;
    int64_t *amounts = parcel_array(&decoding->parcel, rows, sizeof *amounts);
    uint8_t *states = take_states(decoding, rows);

    columns->amount_offsets[slot] = take_offsets(decoding, rows);
    columns->amounts[slot] = amounts;
    columns->amount_states[slot] = states;
    if (decoding->parcel.bad) {
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        if (amounts[i] > AMOUNT_MAX || amounts[i] < -AMOUNT_MAX
            || (states[i] != CELL_PRESENT && amounts[i] != 0)) {
            decoding->parcel.bad = true;
        }
    }
}

/* A report has the columns of its form, or none at all. */
static bool
fits_form(const struct decoding *decoding, const struct columns *columns, int32_t form)
{
    if (form == FORM_UNKNOWN) {
        return columns->code_count == 0 && columns->amount_count == 0 && columns->row_count == 0;
    }
    const struct form *known = &decoding->catalogue->forms[form];
    return columns->code_count == known->code_count && columns->amount_count == known->amount_count;
}

static void
take_columns(struct decoding *decoding, int32_t form, struct columns *out)
{
    struct parcel *parcel = &decoding->parcel;

    out->arena = parcel->arena;
    out->code_count = (size_t)parcel_number(parcel, COLUMNS_CODES_MAX);
    out->amount_count = (size_t)parcel_number(parcel, COLUMNS_AMOUNTS_MAX);
    out->row_count = (size_t)parcel_number(parcel, decoding->file_size);
    out->text_count = (size_t)parcel_number(parcel, decoding->file_size + 1);
    if (!fits_form(decoding, out, form)) {
        parcel->bad = true;
    }
    out->texts = parcel_room(parcel, out->text_count, sizeof *out->texts);
    for (size_t i = 0; !parcel->bad && i < out->text_count; i++) {
        out->texts[i] = parcel_text(parcel);
    }
    out->row_offsets = take_offsets(decoding, out->row_count);
    for (size_t i = 0; !parcel->bad && i < out->code_count; i++) {
        take_code_column(decoding, out, i);
    }
    for (size_t i = 0; !parcel->bad && i < out->amount_count; i++) {
        take_amount_column(decoding, out, i);
    }
}

static void
take_report(struct decoding *decoding, struct report *out)
{
    struct parcel *parcel = &decoding->parcel;

    out->state = (enum report_state)parcel_number(parcel, REPORT_LIMIT);
    out->form = (int32_t)parcel_number(parcel, decoding->catalogue->form_count) - 1;
    out->unit = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->ordinal = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->element = parcel_text(parcel);
    out->id = parcel_text(parcel);
    out->period = take_period(decoding);
    out->identity = take_identity(decoding);
    out->header.version = take_field(decoding);
    out->header.date = take_field(decoding);
    out->header.groups = take_field(decoding);
    out->header.remarks = take_field(decoding);
    for (size_t i = 0; i < REPORT_VARIANTS_MAX; i++) {
        out->header.variants[i] = take_field(decoding);
    }
    out->start = take_offset(decoding);
    out->end = take_offset(decoding);
    out->rows_start = take_offset(decoding);
    take_columns(decoding, out->form, &out->columns);
    if (out->state == REPORT_READ && out->form == FORM_UNKNOWN) {
        parcel->bad = true;
    }
}

static void
take_signature(struct decoding *decoding, size_t report_count, struct package_signature *out)
{
    struct parcel *parcel = &decoding->parcel;

    out->unit = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->ordinal = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->start = take_offset(decoding);
    out->end = take_offset(decoding);
    out->report = (int32_t)parcel_number(parcel, report_count) - 1;
    out->failed_step = (enum signature_step)parcel_number(parcel, SIGNATURE_STEP_COUNT - 1);
    out->trusted = parcel_truth(&decoding->parcel);
    out->time_known = parcel_truth(&decoding->parcel);
    out->signing_time = (moment)parcel_number(parcel, UINT64_MAX);
    out->role = parcel_text(parcel);
    out->policy_role = parcel_text(parcel);
    out->signer = parcel_text(parcel);
    parcel_bytes(parcel, out->certificate_sha256, sizeof out->certificate_sha256);
}

static void
take_unit(struct decoding *decoding, struct package_unit *out)
{
    struct parcel *parcel = &decoding->parcel;

    out->identity = take_identity(decoding);
    out->end = take_offset(decoding);
    out->report_from = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->report_count = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->signature_from = (uint32_t)parcel_number(parcel, UINT32_MAX);
    out->signature_count = (uint32_t)parcel_number(parcel, UINT32_MAX);
}

/* Do items [from, from + count) belong to the unit and follow those of the unit before? */
static bool
check_reports(const struct package *package, uint32_t unit, size_t *expected)
{
    const struct package_unit *this = &package->units[unit];

    if (this->report_from != *expected || this->report_count > package->report_count - *expected) {
        return false;
    }
    *expected += this->report_count;
    for (size_t i = this->report_from; i < *expected; i++) {
        if (package->reports[i].unit != unit) {
            return false;
        }
    }
    return true;
}

static bool
check_signatures(const struct package *package, uint32_t unit, size_t *expected)
{
    const struct package_unit *this = &package->units[unit];

    if (this->signature_from != *expected
        || this->signature_count > package->signature_count - *expected) {
        return false;
    }
    *expected += this->signature_count;
    for (size_t i = this->signature_from; i < *expected; i++) {
        if (package->signatures[i].unit != unit) {
            return false;
        }
    }
    return true;
}

/* Every report and signature belongs to exactly one unit, in the order of the file. */
static void
check_units(struct decoding *decoding, const struct package *package)
{
    size_t reports = 0;
    size_t signatures = 0;
    bool   fits = true;

    for (uint32_t i = 0; !decoding->parcel.bad && fits && i < package->unit_count; i++) {
        fits = check_reports(package, i, &reports) && check_signatures(package, i, &signatures);
    }
    decoding->parcel.bad = decoding->parcel.bad || !fits || reports != package->report_count
                           || signatures != package->signature_count;
}

static void
take_package(struct decoding *decoding, struct package *out)
{
    struct parcel *parcel = &decoding->parcel;

    out->complete = parcel_truth(&decoding->parcel);
    out->foreign_attribute = parcel_truth(&decoding->parcel);
    out->shell_cut = parcel_truth(&decoding->parcel);
    out->version = take_field(decoding);
    out->period = take_period(decoding);
    out->report_count = (size_t)parcel_number(parcel, PACKAGE_REPORTS_MAX);
    out->reports = parcel_room(parcel, out->report_count, sizeof *out->reports);
    for (size_t i = 0; !parcel->bad && i < out->report_count; i++) {
        take_report(decoding, &out->reports[i]);
    }
    out->signature_count = (size_t)parcel_number(parcel, PACKAGE_SIGNATURES_MAX);
    out->signatures = parcel_room(parcel, out->signature_count, sizeof *out->signatures);
    for (size_t i = 0; !parcel->bad && i < out->signature_count; i++) {
        take_signature(decoding, out->report_count, &out->signatures[i]);
    }
    out->unit_count = (size_t)parcel_number(parcel, PACKAGE_UNITS_MAX);
    out->units = parcel_room(parcel, out->unit_count, sizeof *out->units);
    for (size_t i = 0; !parcel->bad && i < out->unit_count; i++) {
        take_unit(decoding, &out->units[i]);
    }
    check_units(decoding, out);
}

static void
take_finding(struct decoding *decoding, size_t report_count, struct findings *findings)
{
    struct parcel *parcel = &decoding->parcel;
    struct finding finding = {0};
    struct str     code = parcel_text(parcel);

    finding.report = (int32_t)parcel_number(parcel, report_count) - 1;
    finding.offset = take_offset(decoding);
    finding.xpath = parcel_text(parcel);
    finding.cell = parcel_text(parcel);
    finding.subject = parcel_text(parcel);
    finding.found = parcel_text(parcel);
    finding.expected = parcel_text(parcel);
    finding.difference = parcel_text(parcel);
    finding.technical = parcel_text(parcel);
    if (parcel->bad || code.size == 0 || code.size >= FINDING_CODE_MAX) {
        parcel->bad = true;
        return;
    }
    memcpy(finding.code, code.data, code.size);
    if (catalogue_entry(decoding->catalogue, ENTRY_OF_NO_FORM, finding.code) == NULL) {
        parcel->bad = true;
        return;
    }
    enum finding_room room = findings_add(findings, &finding);
    parcel->bad = room != FINDING_ADDED;
    parcel->starved = parcel->starved || room == FINDING_NO_MEMORY;
}

static void
take_findings(struct decoding *decoding, size_t report_count, struct findings *findings)
{
    struct parcel *parcel = &decoding->parcel;

    for (int32_t i = FINDING_OF_PACKAGE; !parcel->bad && i < (int32_t)report_count; i++) {
        size_t cut = (size_t)parcel_number(parcel, UINT32_MAX);
        if (cut > 0 && !findings_add_cut(findings, i, cut)) {
            parcel->starved = true;
        }
    }
    size_t count = (size_t)parcel_number(parcel, FINDING_PACKAGE_MAX);
    for (size_t i = 0; !parcel->bad && i < count; i++) {
        take_finding(decoding, report_count, findings);
    }
}

enum err
checked_decode(struct arena *arena, struct str bytes, size_t file_size,
               const struct catalogue *catalogue, struct checked *out, struct fault *fault)
{
    struct decoding decoding = {
        .parcel = {.arena = arena, .bytes = bytes},
          .file_size = file_size, .catalogue = catalogue
    };
    struct parcel *parcel = &decoding.parcel;
    struct checked checked = {.findings = findings_create(arena)};

    if (checked.findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "result of a check");
    }
    if (parcel_number(parcel, CHECKED_VERSION) != CHECKED_VERSION) {
        return FAIL(fault, ERR_WIRE, "not the result of a check");
    }
    take_package(&decoding, &checked.package);
    take_findings(&decoding, checked.package.report_count, checked.findings);
    if (parcel->starved) {
        return FAIL(fault, ERR_MEMORY, "result of a check of %zu bytes", bytes.size);
    }
    if (parcel->bad || parcel->at != bytes.size) {
        return FAIL(fault, ERR_WIRE, "result of a check is malformed at byte %zu", parcel->at);
    }
    *out = checked;
    return ERR_OK;
}
