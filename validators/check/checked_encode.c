#include "validators/base/parcel.h"
#include "validators/check/checked.h"

static void
put_field(struct buf *out, const struct field *field)
{
    parcel_put_text(out, field->text);
    parcel_put_number(out, field->offset);
}

static void
put_period(struct buf *out, const struct period_fields *period)
{
    put_field(out, &period->year);
    put_field(out, &period->type);
    put_field(out, &period->number);
    parcel_put_number(out, period->offset);
}

static void
put_identity(struct buf *out, const struct unit_identity *identity)
{
    for (size_t i = 0; i < UNIT_FIELD_COUNT; i++) {
        put_field(out, &identity->fields[i]);
    }
    parcel_put_number(out, identity->offset);
}

static void
put_columns(struct buf *out, const struct columns *columns)
{
    size_t rows = columns->row_count;

    parcel_put_number(out, columns->code_count);
    parcel_put_number(out, columns->amount_count);
    parcel_put_number(out, rows);
    parcel_put_number(out, columns->text_count);
    for (size_t i = 0; i < columns->text_count; i++) {
        parcel_put_text(out, i == 0 ? STR("") : columns->texts[i]);
    }
    parcel_put_array(out, columns->row_offsets, rows, sizeof *columns->row_offsets);
    for (size_t i = 0; i < columns->code_count; i++) {
        parcel_put_array(out, columns->codes[i], rows, sizeof *columns->codes[i]);
        parcel_put_array(out, columns->code_states[i], rows, sizeof *columns->code_states[i]);
        parcel_put_array(out, columns->code_offsets[i], rows, sizeof *columns->code_offsets[i]);
    }
    for (size_t i = 0; i < columns->amount_count; i++) {
        parcel_put_array(out, columns->amounts[i], rows, sizeof *columns->amounts[i]);
        parcel_put_array(out, columns->amount_states[i], rows, sizeof *columns->amount_states[i]);
        parcel_put_array(out, columns->amount_offsets[i], rows, sizeof *columns->amount_offsets[i]);
    }
}

static void
put_report(struct buf *out, const struct report *report)
{
    parcel_put_number(out, (uint64_t)report->state);
    parcel_put_number(out, (uint64_t)((int64_t)report->form + 1));
    parcel_put_number(out, report->unit);
    parcel_put_number(out, report->ordinal);
    parcel_put_text(out, report->element);
    parcel_put_text(out, report->id);
    put_period(out, &report->period);
    put_identity(out, &report->identity);
    put_field(out, &report->header.version);
    put_field(out, &report->header.date);
    put_field(out, &report->header.groups);
    put_field(out, &report->header.remarks);
    for (size_t i = 0; i < REPORT_VARIANTS_MAX; i++) {
        put_field(out, &report->header.variants[i]);
    }
    parcel_put_number(out, report->start);
    parcel_put_number(out, report->end);
    parcel_put_number(out, report->rows_start);
    put_columns(out, &report->columns);
}

static void
put_signature(struct buf *out, const struct package_signature *signature)
{
    parcel_put_number(out, signature->unit);
    parcel_put_number(out, signature->ordinal);
    parcel_put_number(out, signature->start);
    parcel_put_number(out, signature->end);
    parcel_put_number(out, (uint64_t)((int64_t)signature->report + 1));
    parcel_put_number(out, (uint64_t)signature->failed_step);
    parcel_put_truth(out, signature->trusted);
    parcel_put_truth(out, signature->time_known);
    parcel_put_number(out, (uint64_t)signature->signing_time);
    parcel_put_text(out, signature->role);
    parcel_put_text(out, signature->policy_role);
    parcel_put_text(out, signature->signer);
    parcel_put_array(out, signature->certificate_sha256, 1, sizeof signature->certificate_sha256);
}

static void
put_unit(struct buf *out, const struct package_unit *unit)
{
    put_identity(out, &unit->identity);
    parcel_put_number(out, unit->end);
    parcel_put_number(out, unit->report_from);
    parcel_put_number(out, unit->report_count);
    parcel_put_number(out, unit->signature_from);
    parcel_put_number(out, unit->signature_count);
}

static void
put_package(struct buf *out, const struct package *package)
{
    parcel_put_truth(out, package->complete);
    parcel_put_truth(out, package->foreign_attribute);
    parcel_put_truth(out, package->shell_cut);
    put_field(out, &package->version);
    put_period(out, &package->period);
    parcel_put_number(out, package->report_count);
    for (size_t i = 0; i < package->report_count; i++) {
        put_report(out, &package->reports[i]);
    }
    parcel_put_number(out, package->signature_count);
    for (size_t i = 0; i < package->signature_count; i++) {
        put_signature(out, &package->signatures[i]);
    }
    parcel_put_number(out, package->unit_count);
    for (size_t i = 0; i < package->unit_count; i++) {
        put_unit(out, &package->units[i]);
    }
}

/* Suspects are found by rules, which run after the check. */
static void
put_finding(struct buf *out, const struct finding *finding)
{
    parcel_put_text(out, str_of(finding->code));
    parcel_put_number(out, (uint64_t)((int64_t)finding->report + 1));
    parcel_put_number(out, finding->offset);
    parcel_put_text(out, finding->xpath);
    parcel_put_text(out, finding->cell);
    parcel_put_text(out, finding->subject);
    parcel_put_text(out, finding->found);
    parcel_put_text(out, finding->expected);
    parcel_put_text(out, finding->difference);
    parcel_put_text(out, finding->technical);
}

/* What did not fit into the list, for the package (-1) and for each report. */
static void
put_cuts(struct buf *out, const struct checked *checked)
{
    parcel_put_number(out, findings_cut(checked->findings, FINDING_OF_PACKAGE));
    for (size_t i = 0; i < checked->package.report_count; i++) {
        parcel_put_number(out, findings_cut(checked->findings, (int32_t)i));
    }
}

enum err
checked_encode(const struct checked *checked, struct buf *out, struct fault *fault)
{
    parcel_put_number(out, CHECKED_VERSION);
    put_package(out, &checked->package);
    put_cuts(out, checked);
    parcel_put_number(out, findings_count(checked->findings));
    for (size_t i = 0; i < findings_count(checked->findings); i++) {
        put_finding(out, findings_at(checked->findings, i));
    }
    if (!buf_ok(out)) {
        return FAIL(fault, ERR_LIMIT, "result of a check of more than %zu bytes", out->size_max);
    }
    return ERR_OK;
}
