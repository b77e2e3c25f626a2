#include "gateway/replay/replay_row.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/report_row.h"
#include "gateway/intake/timeliness.h"

#include <inttypes.h>

enum { ROW_MAX = 64 * 1024 * 1024, CODE_SLOTS = 8, AMOUNT_SLOTS = 24 };

static void
put_text(struct replay_row_list *rows, const char *name, struct str text)
{
    buf_format(&rows->text, "%s=", name);
    buf_append(&rows->text, text);
    buf_byte(&rows->text, '\n');
}

/* As put_text; each line feed is a blank, so that a column stays one line. */
static void
put_one_line(struct replay_row_list *rows, const char *name, struct str text)
{
    buf_format(&rows->text, "%s=", name);
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '\n') {
            byte = ' ';
        }
        buf_byte(&rows->text, byte);
    }
    buf_byte(&rows->text, '\n');
}

static void
put_number(struct replay_row_list *rows, const char *name, int64_t number)
{
    buf_format(&rows->text, "%s=%" PRId64 "\n", name, number);
}

static void
put_truth(struct replay_row_list *rows, const char *name, bool truth)
{
    buf_format(&rows->text, "%s=%s\n", name, truth ? "t" : "f");
}

static void
put_digest(struct replay_row_list *rows, const char *name,
           const unsigned char sha256[FINGERPRINT_SIZE])
{
    buf_format(&rows->text, "%s=", name);
    buf_hex(&rows->text, sha256, FINGERPRINT_SIZE);
    buf_byte(&rows->text, '\n');
}

static void
put_date(struct replay_row_list *rows, const char *name, struct date date)
{
    buf_format(&rows->text, "%s=", name);
    if (date.year != 0) {
        date_write(&rows->text, date);
    }
    buf_byte(&rows->text, '\n');
}

static void
put_read_number(struct replay_row_list *rows, const char *name, const struct field *field)
{
    int64_t number = 0;

    if (report_row_number(field, &number)) {
        put_number(rows, name, number);
    } else {
        put_text(rows, name, (struct str){0});
    }
}

static enum err
rows_begin(struct arena *arena, size_t count, struct replay_row_list *out, struct fault *fault)
{
    *out = (struct replay_row_list){.arena = arena,
                                    .items = ARENA_NEW(arena, struct str, count + 1),
                                    .text = buf_create(arena, ROW_MAX)};
    return out->items == NULL ? FAIL(fault, ERR_MEMORY, "brak pamięci") : ERR_OK;
}

static enum err
rows_end_row(struct replay_row_list *rows, struct fault *fault)
{
    struct str copy =
        buf_ok(&rows->text) ? str_copy(rows->arena, buf_str(&rows->text)) : (struct str){0};

    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    rows->items[rows->count] = copy;
    rows->count++;
    rows->text.size = 0;
    return ERR_OK;
}

enum err
replay_row_decision(struct arena *arena, const struct concluding *item,
                    struct replay_row_list *rows, struct fault *fault)
{
    const struct decided_file *decided = item->decided;
    size_t                     cut = 0;
    size_t                     findings = conclusion_finding_count(item, &cut);

    TRY(rows_begin(arena, 1, rows, fault));
    put_text(rows, "kind", decided == NULL ? STR("delivery") : STR("decision"));
    put_number(rows, "verdict", decided == NULL ? VERDICT_UNDECIDED : (int64_t)decided->verdict);
    put_text(rows, "reason", decided == NULL ? item->reason : decided->reason);
    put_digest(rows, "registry", item->registry_sha256);
    put_digest(rows, "calendar", item->calendar_sha256);
    if (conclusion_has_reference(item)) {
        put_digest(rows, "reference", item->reference_sha256);
    } else {
        put_text(rows, "reference", (struct str){0});
    }
    put_number(rows, "finding_count", (int64_t)findings);
    put_number(rows, "cut", cut > INT32_MAX ? INT32_MAX : (int64_t)cut);
    return rows_end_row(rows, fault);
}

static void
put_unit(struct replay_row_list *rows, const struct concluding *item, size_t at)
{
    static const struct {
        const char     *name;
        enum unit_field field;
    } fields[] = {
        {"type", UNIT_TYPE},
        {"wk",   UNIT_WK  },
        {"pk",   UNIT_PK  },
        {"gk",   UNIT_GK  },
        {"gt",   UNIT_GT  },
        {"pt",   UNIT_PT  },
    };
    const struct decided_report *decided = &item->decided->reports[at];
    const struct unit_identity  *unit =
        &item->decided->package->units[decided->report->unit].identity;

    if (item->filed[at].unit == 0) {
        put_text(rows, "unit", (struct str){0});
    } else {
        put_number(rows, "unit", item->filed[at].unit);
    }
    put_text(rows, "unit_name", decided->unit_name);
    put_text(rows, "regon", decided->unit_regon);
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        put_text(rows, fields[i].name, package_trim(&unit->fields[fields[i].field]));
    }
}

static void
put_form_and_period(struct replay_row_list *rows, const struct concluding *item, size_t at)
{
    const struct decided_report *decided = &item->decided->reports[at];
    const struct report         *report = decided->report;

    put_text(rows, "element", report->element);
    put_text(rows, "form", decided->form == NULL ? STR("") : decided->form->code);
    put_text(rows, "form_version", decided->form == NULL ? STR("") : decided->form->version);
    put_text(rows, "form_title", decided->form_title);
    put_read_number(rows, "year", &report->period.year);
    put_text(rows, "period_type", package_trim(&report->period.type));
    put_read_number(rows, "period_number", &report->period.number);
    put_text(rows, "period", decided->period);
    put_date(rows, "period_end", report_row_period_end(&item->filed[at]));
    put_text(rows, "level", decided->level);
    put_text(rows, "variant", decided->variant);
    put_read_number(rows, "version", &report->header.version);
}

static void
put_outcome(struct replay_row_list *rows, const struct concluding *item, size_t at)
{
    const struct decided_report *decided = &item->decided->reports[at];
    const struct report         *report = decided->report;
    const struct filed_term     *term = &item->filed[at].term;

    put_number(rows, "verdict", (int64_t)decided->verdict);
    put_text(rows, "reason", decided->reason);
    put_digest(rows, "sha256", item->filed[at].sha256);
    put_number(rows, "start_byte", (int64_t)report->start);
    put_number(rows, "end_byte", (int64_t)report->end);
    put_number(rows, "row_count", (int64_t)report->columns.row_count);
    put_date(rows, "due", term->due);
    put_text(rows, "timeliness", timeliness_code(term->timeliness));
    put_text(rows, "calendar", term->calendar);
    put_truth(rows, "corrects", report_row_corrects(item, at));
    put_date(rows, "window_until", term->window_until);
    put_truth(rows, "outside_window", term->outside);
    put_text(rows, "recipient", term->recipient);
    put_text(rows, "window_basis", term->outside ? term->basis : (struct str){0});
    put_number(rows, "addressed_to", (int64_t)term->recipients);
}

enum err
replay_row_reports(struct arena *arena, const struct concluding *item, struct replay_row_list *rows,
                   struct fault *fault)
{
    size_t count = conclusion_report_count(item);

    TRY(rows_begin(arena, count, rows, fault));
    for (size_t i = 0; i < count; i++) {
        put_unit(rows, item, i);
        put_form_and_period(rows, item, i);
        put_outcome(rows, item, i);
        TRY(rows_end_row(rows, fault));
    }
    return ERR_OK;
}

static enum err
write_finding(struct replay_row_list *rows, const struct told *told, struct fault *fault)
{
    const struct finding *finding = &told->finding;
    struct str            contributors = contributors_pack(rows->arena, finding->contributors);

    if (contributors.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    put_number(rows, "report", finding->report);
    put_text(rows, "code", str_of(finding->code));
    put_text(rows, "severity", str_of(severity_name(told->severity)));
    put_number(rows, "line", told->line);
    put_number(rows, "column", told->column);
    put_number(rows, "byte_offset", (int32_t)finding->offset);
    put_text(rows, "xpath", finding->xpath);
    put_text(rows, "cell", finding->cell);
    put_text(rows, "subject", finding->subject);
    put_text(rows, "found", finding->found);
    put_text(rows, "expected", finding->expected);
    put_text(rows, "difference", finding->difference);
    put_text(rows, "title", told->title);
    put_text(rows, "fix", told->fix);
    put_text(rows, "basis", told->entry->basis);
    put_text(rows, "technical", finding->technical);
    put_text(rows, "suspect", finding->suspect);
    put_number(rows, "difference_repeats", told->repeats);
    put_one_line(rows, "contributors", contributors);
    return rows_end_row(rows, fault);
}

enum err
replay_row_findings(struct arena *arena, const struct concluding *item,
                    struct replay_row_list *rows, struct fault *fault)
{
    size_t cut = 0;

    TRY(rows_begin(arena, conclusion_finding_count(item, &cut), rows, fault));
    if (item->decided == NULL) {
        return ERR_OK;
    }
    for (size_t i = 0; i < item->decided->findings.count; i++) {
        TRY(write_finding(rows, &item->decided->findings.items[i], fault));
    }
    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        const struct told_list *findings = &item->decided->reports[i].findings;
        for (size_t j = 0; j < findings->count; j++) {
            TRY(write_finding(rows, &findings->items[j], fault));
        }
    }
    return ERR_OK;
}

enum err
replay_row_signatures(struct arena *arena, const struct concluding *item,
                      struct replay_row_list *rows, struct fault *fault)
{
    const struct package *package = item->decided == NULL ? NULL : item->decided->package;
    size_t                count = package == NULL ? 0 : package->signature_count;

    TRY(rows_begin(arena, count, rows, fault));
    for (size_t i = 0; i < count; i++) {
        const struct package_signature *signature = &package->signatures[i];
        bool                            valid = signature->failed_step == SIGNATURE_STEP_NONE;
        put_number(rows, "report", signature->report);
        put_text(rows, "role",
                 signature->policy_role.size > 0 ? signature->policy_role : signature->role);
        put_text(rows, "signer", signature->signer);
        put_truth(rows, "valid", valid);
        put_text(rows, "failed_step",
                 valid ? STR("") : str_of(signature_step_name(signature->failed_step)));
        put_digest(rows, "certificate", signature->certificate_sha256);
        TRY(rows_end_row(rows, fault));
    }
    return ERR_OK;
}

static void
put_cells(struct buf *out, const struct columns *columns, size_t row)
{
    buf_format(out, "%zu|", row);
    for (size_t i = 0; i < CODE_SLOTS; i++) {
        if (i < columns->code_count && columns->code_states[i][row] == CELL_PRESENT) {
            buf_append(out, columns_code(columns, i, row));
        }
        buf_byte(out, '|');
    }
    for (size_t i = 0; i < AMOUNT_SLOTS; i++) {
        if (i < columns->amount_count && columns->amount_states[i][row] == CELL_PRESENT) {
            buf_format(out, "%" PRId64, columns->amounts[i][row]);
        }
        buf_byte(out, '|');
    }
}

/* Lines are kept of what was accepted and has a period. */
enum err
replay_row_lines(struct arena *arena, const struct concluding *item, struct replay_row_list *rows,
                 struct fault *fault)
{
    struct buf    cells = buf_create(arena, (size_t)4 * ROW_MAX);
    size_t        count = conclusion_report_count(item);
    unsigned char sha256[FINGERPRINT_SIZE];

    TRY(rows_begin(arena, count, rows, fault));
    for (size_t i = 0; i < count; i++) {
        const struct columns *columns = &item->decided->reports[i].report->columns;
        bool                  kept =
            item->decided->reports[i].verdict == VERDICT_ACCEPTED && item->filed[i].readable;
        size_t lines = kept ? columns->row_count : 0;
        cells.size = 0;
        for (size_t row = 0; row < lines; row++) {
            put_cells(&cells, columns, row);
        }
        if (!buf_ok(&cells)) {
            return FAIL(fault, ERR_MEMORY, "brak pamięci");
        }
        TRY(fingerprint_of(buf_str(&cells), sha256, fault));
        put_number(rows, "lines", (int64_t)lines);
        put_digest(rows, "cells", sha256);
        TRY(rows_end_row(rows, fault));
    }
    return ERR_OK;
}
