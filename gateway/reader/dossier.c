#include "gateway/reader/dossier.h"

#include "gateway/reader/dossier_sql.h"

/* Rows of the answer, of seven sorts one after another; columns of dossier_sql.h. */
struct parts {
    const struct store_rows *rows;
    size_t                   at;
    size_t                   end; /* of the rows of one submission */
};

static struct str
text_at(const struct parts *parts, enum dossier_column column)
{
    return store_is_null(parts->rows, parts->at, column)
               ? (struct str){0}
               : store_text(parts->rows, parts->at, column);
}

static int64_t
number_at(const struct parts *parts, enum dossier_column column, int64_t otherwise)
{
    return store_is_null(parts->rows, parts->at, column)
               ? otherwise
               : store_number(parts->rows, parts->at, column);
}

static instant
instant_at(const struct parts *parts, enum dossier_column column)
{
    return store_is_null(parts->rows, parts->at, column)
               ? 0
               : store_instant(parts->rows, parts->at, column);
}

static bool
is_part(const struct parts *parts, enum dossier_part part)
{
    return parts->at < parts->end && store_number(parts->rows, parts->at, COLUMN_PART) == part;
}

/* How many rows of this sort stand from here on. */
static size_t
count_part(struct parts parts, enum dossier_part part)
{
    size_t count = 0;

    for (; is_part(&parts, part); parts.at++) {
        count++;
    }
    return count;
}

static void
take_submission(struct parts *parts, struct dossier *out)
{
    out->n = number_at(parts, COLUMN_MAJOR, 0);
    out->verdict = number_at(parts, COLUMN_VERDICT, 0);
    out->size = number_at(parts, COLUMN_NUMBER, 0);
    out->log_index = number_at(parts, COLUMN_NUMBER2, -1);
    out->state = text_at(parts, COLUMN_TEXT1);
    out->sender_name = text_at(parts, COLUMN_TEXT2);
    out->sender_regon = text_at(parts, COLUMN_TEXT3);
    out->reason = text_at(parts, COLUMN_TEXT4);
    out->sha256 = text_at(parts, COLUMN_BYTES);
    out->arrived = instant_at(parts, COLUMN_AT1);
    out->decided_at = instant_at(parts, COLUMN_AT2);
    out->first_arrived = instant_at(parts, COLUMN_AT3);
    out->withdrawn_at = instant_at(parts, COLUMN_AT4);
    if (!store_is_null(parts->rows, parts->at, COLUMN_LINK)) {
        out->follows = store_uuid(parts->rows, parts->at, COLUMN_LINK);
    }
    parts->at++;
}

static struct dossier_correction
correction_at(const struct parts *parts)
{
    return (struct dossier_correction){
        .is_one = !store_is_null(parts->rows, parts->at, COLUMN_NUMBER3),
        .outside_window = !store_is_null(parts->rows, parts->at, COLUMN_TEXT13),
        .revision = number_at(parts, COLUMN_NUMBER3, 0),
        .window_until = text_at(parts, COLUMN_TEXT12),
        .recipient = text_at(parts, COLUMN_TEXT13),
        .basis = text_at(parts, COLUMN_TEXT14),
        .code = text_at(parts, COLUMN_TEXT15),
        .text = text_at(parts, COLUMN_TEXT16),
        .given_at = instant_at(parts, COLUMN_AT4),
    };
}

static void
take_report(struct parts *parts, struct dossier_report *out)
{
    out->ordinal = (int32_t)number_at(parts, COLUMN_MAJOR, 0);
    out->verdict = number_at(parts, COLUMN_VERDICT, 0);
    out->rows = number_at(parts, COLUMN_NUMBER, 0);
    out->version = number_at(parts, COLUMN_NUMBER2, -1);
    out->in_force = store_truth(parts->rows, parts->at, COLUMN_FLAG);
    out->form = text_at(parts, COLUMN_TEXT1);
    out->form_version = text_at(parts, COLUMN_TEXT2);
    out->unit_name = text_at(parts, COLUMN_TEXT3);
    out->unit_regon = text_at(parts, COLUMN_TEXT4);
    out->period = text_at(parts, COLUMN_TEXT5);
    out->level = text_at(parts, COLUMN_TEXT6);
    out->variant = text_at(parts, COLUMN_TEXT17);
    out->reason = text_at(parts, COLUMN_TEXT7);
    out->receipt = text_at(parts, COLUMN_TEXT8);
    out->due = text_at(parts, COLUMN_TEXT9);
    out->timeliness = text_at(parts, COLUMN_TEXT10);
    out->calendar = text_at(parts, COLUMN_TEXT11);
    out->correction = correction_at(parts);
    out->set = text_at(parts, COLUMN_BYTES);
    parts->at++;
}

static void
add_count(struct dossier_counts *counts, struct str severity, int64_t number)
{
    int64_t *places[] = {&counts->error, &counts->query, &counts->warning, &counts->info};
    static const char *const names[] = {"error", "query", "warning", "info"};

    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        *places[i] += str_equal(severity, str_of(names[i])) ? number : 0;
    }
}

/* Findings, counted: rows are sorted by report, reports by ordinal. */
static void
take_counts(struct parts *parts, struct dossier *out, struct dossier_report *reports)
{
    size_t report = 0;

    for (; is_part(parts, PART_COUNT); parts->at++) {
        int64_t    ordinal = number_at(parts, COLUMN_MAJOR, 0);
        struct str severity = text_at(parts, COLUMN_TEXT1);
        int64_t    number = number_at(parts, COLUMN_NUMBER, 0);
        int64_t    open = number_at(parts, COLUMN_NUMBER2, 0);
        add_count(&out->counts, severity, number);
        out->counts.open += open;
        while (report < out->report_count && reports[report].ordinal < ordinal) {
            report++;
        }
        if (report < out->report_count && reports[report].ordinal == ordinal) {
            add_count(&reports[report].counts, severity, number);
            reports[report].counts.open += open;
        }
    }
}

static void
take_signatures(struct parts *parts, struct dossier *out, struct dossier_report *reports,
                struct dossier_signature *signatures)
{
    size_t report = 0;

    for (; is_part(parts, PART_SIGNATURE); parts->at++) {
        int64_t ordinal = number_at(parts, COLUMN_MAJOR, 0);
        while (report < out->report_count && reports[report].ordinal < ordinal) {
            report++;
        }
        if (report == out->report_count || reports[report].ordinal != ordinal) {
            continue;
        }
        *signatures = (struct dossier_signature){
            .role = text_at(parts, COLUMN_TEXT1),
            .signer = text_at(parts, COLUMN_TEXT2),
            .failed_step = text_at(parts, COLUMN_TEXT3),
            .valid = store_truth(parts->rows, parts->at, COLUMN_FLAG),
            .signed_at = instant_at(parts, COLUMN_AT1),
        };
        if (reports[report].signature_count == 0) {
            reports[report].signatures = signatures;
        }
        reports[report].signature_count++;
        signatures++;
    }
}

static void
take_receipt(struct parts *parts, struct dossier_receipt *out)
{
    *out = (struct dossier_receipt){
        .n = -number_at(parts, COLUMN_MAJOR, 0),
        .number = text_at(parts, COLUMN_TEXT1),
        .kind = text_at(parts, COLUMN_TEXT2),
        .unit_regon = text_at(parts, COLUMN_TEXT3),
        .unit_name = text_at(parts, COLUMN_TEXT4),
    };
    parts->at++;
}

static enum err
take_outages(struct arena *arena, struct parts *parts, struct dossier *out, struct fault *fault)
{
    size_t                 count = count_part(*parts, PART_OUTAGE);
    struct dossier_outage *outages = ARENA_NEW(arena, struct dossier_outage, count + 1);

    if (outages == NULL) {
        return FAIL(fault, ERR_MEMORY, "a submission beside %zu outages", count);
    }
    for (size_t i = 0; i < count; i++) {
        bool in_it = store_truth(parts->rows, parts->at, COLUMN_FLAG);
        outages[i] = (struct dossier_outage){.began = instant_at(parts, COLUMN_AT1),
                                             .ended = instant_at(parts, COLUMN_AT2),
                                             .tried = in_it ? instant_at(parts, COLUMN_AT3) : 0,
                                             .what = text_at(parts, COLUMN_TEXT1)};
        parts->at++;
    }
    out->outages = outages;
    out->outage_count = count;
    return ERR_OK;
}

static enum err
take_objections(struct arena *arena, struct parts *parts, struct dossier *out,
                struct dossier_report *reports, struct fault *fault)
{
    size_t               count = count_part(*parts, PART_OBJECTION);
    struct objection_at *objections = ARENA_NEW(arena, struct objection_at, count + 1);
    size_t               report = 0;

    if (objections == NULL) {
        return FAIL(fault, ERR_MEMORY, "a submission of %zu objections", count);
    }
    for (; is_part(parts, PART_OBJECTION); parts->at++, objections++) {
        int64_t ordinal = number_at(parts, COLUMN_MAJOR, 0);
        while (report + 1 < out->report_count && reports[report].ordinal < ordinal) {
            report++;
        }
        ENSURE(reports[report].ordinal == ordinal);
        *objections = (struct objection_at){
            .rule = text_at(parts, COLUMN_TEXT1),
            .owner = text_at(parts, COLUMN_TEXT2),
            .answered = store_truth(parts->rows, parts->at, COLUMN_FLAG),
            .reply = {.outcome = text_at(parts, COLUMN_TEXT3),
                      .remedy = text_at(parts, COLUMN_TEXT4),
                      .release = text_at(parts, COLUMN_TEXT5),
                      .reason = text_at(parts, COLUMN_TEXT6),
                      .given_at = instant_at(parts, COLUMN_AT1),
                      .off_since = instant_at(parts, COLUMN_AT2)}
        };
        if (reports[report].objections.count == 0) {
            reports[report].objections.items = objections;
        }
        reports[report].objections.count++;
    }
    return ERR_OK;
}

/* The rows of one submission, from parts.at to parts.end. */
static enum err
take_all(struct arena *arena, struct parts parts, struct dossier *out, struct fault *fault)
{
    take_submission(&parts, out);
    out->report_count = count_part(parts, PART_REPORT);
    struct dossier_report *reports = ARENA_NEW(arena, struct dossier_report, out->report_count + 1);
    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "a submission of %zu reports", out->report_count);
    }
    for (size_t i = 0; i < out->report_count; i++) {
        take_report(&parts, &reports[i]);
    }
    out->reports = reports;
    take_counts(&parts, out, reports);

    size_t                    signature_count = count_part(parts, PART_SIGNATURE);
    struct dossier_signature *signatures =
        ARENA_NEW(arena, struct dossier_signature, signature_count + 1);
    if (signatures == NULL) {
        return FAIL(fault, ERR_MEMORY, "a submission of %zu signatures", signature_count);
    }
    take_signatures(&parts, out, reports, signatures);

    out->receipt_count = count_part(parts, PART_RECEIPT);
    struct dossier_receipt *receipts =
        ARENA_NEW(arena, struct dossier_receipt, out->receipt_count + 1);
    if (receipts == NULL) {
        return FAIL(fault, ERR_MEMORY, "a submission of %zu receipts", out->receipt_count);
    }
    for (size_t i = 0; i < out->receipt_count; i++) {
        take_receipt(&parts, &receipts[i]);
    }
    out->receipts = receipts;
    TRY(take_outages(arena, &parts, out, fault));
    return take_objections(arena, &parts, out, reports, fault);
}

static enum err
ask(struct store *store, struct arena *arena, const struct dossier_wish *wishes, size_t count,
    struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct uuid            *ids = ARENA_NEW(arena, struct uuid, count);
    int64_t                *subjects = ARENA_NEW(arena, int64_t, count);

    if (ids == NULL || subjects == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu submissions", count);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = wishes[i].id;
        subjects[i] = wishes[i].subject;
    }
    store_put_uuids(&parameters, ids, count);
    store_put_numbers(&parameters, subjects, count);
    return store_run(store, dossier_sql(), &parameters, arena, rows, fault);
}

/* Behind the last of the rows that are about the same submission as the one at `at`. */
static size_t
end_of(const struct store_rows *rows, size_t at)
{
    size_t end = at;

    while (end < store_row_count(rows)
           && store_number(rows, end, COLUMN_AT) == store_number(rows, at, COLUMN_AT)) {
        end++;
    }
    return end;
}

enum err
dossier_read_all(struct store *store, struct arena *arena, struct dossier_wish *wishes,
                 size_t count, struct fault *fault)
{
    struct store_rows rows = {0};
    struct parts      parts = {.rows = &rows};

    TRY(ask(store, arena, wishes, count, &rows, fault));
    for (size_t i = 0; i < count; i++) {
        wishes[i].dossier = (struct dossier){.id = wishes[i].id};
        wishes[i].found = false;
    }
    for (; parts.at < store_row_count(&rows); parts.at = parts.end) {
        size_t which = (size_t)store_number(&rows, parts.at, COLUMN_AT) - 1;
        ENSURE(which < count);
        parts.end = end_of(&rows, parts.at);
        TRY(take_all(arena, parts, &wishes[which].dossier, fault));
        wishes[which].found = true;
    }
    return ERR_OK;
}

bool
dossier_is_pending(const struct dossier *dossier)
{
    return str_equal(dossier->state, STR("received")) || str_equal(dossier->state, STR("checking"));
}
