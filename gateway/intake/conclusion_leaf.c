#include "gateway/intake/conclusion_leaf.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/report_row.h"
#include "gateway/intake/timeliness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LEAF_HEAD_SIZE = 124, BYTE_BITS = 8 };
enum { KIND_DECISION = 1, KIND_DELIVERY = 2, KIND_FLAG = 3 };
enum { DECIMAL_MAX = 24, FACTS_MAX = 4 * 1024 * 1024 };

static void
put_number(struct buf *out, uint64_t number)
{
    for (size_t i = sizeof number; i > 0; i--) {
        buf_byte(out, (char)(unsigned char)(number >> (BYTE_BITS * (i - 1))));
    }
}

static void
put_text(struct buf *out, struct str text)
{
    put_number(out, text.size);
    buf_append(out, text);
}

static void
put_null(struct buf *out)
{
    put_number(out, UINT64_MAX);
}

static void
put_decimal(struct buf *out, int64_t number)
{
    char text[DECIMAL_MAX];

    put_text(out, (struct str){text, (size_t)snprintf(text, sizeof text, "%" PRId64, number)});
}

static void
put_digest(struct buf *out, const unsigned char sha256[FINGERPRINT_SIZE])
{
    put_number(out, (uint64_t)2 * FINGERPRINT_SIZE);
    buf_hex(out, sha256, FINGERPRINT_SIZE);
}

/* As it stands in its column: NULL when it is none that the column can hold. */
static void
put_read_number(struct buf *out, const struct field *field)
{
    int64_t number = 0;

    if (report_row_number(field, &number)) {
        put_decimal(out, number);
    } else {
        put_null(out);
    }
}

static void
put_decision(struct buf *out, const struct concluding *item)
{
    const struct decided_file *decided = item->decided;
    struct str                 reason = decided == NULL ? item->reason : decided->reason;
    size_t                     cut = 0;
    size_t                     findings = conclusion_finding_count(item, &cut);

    put_decimal(out, item->queued->subject);
    put_decimal(out, item->queued->first_byte);
    put_decimal(out, decided == NULL ? VERDICT_UNDECIDED : (int64_t)decided->verdict);
    if (reason.size == 0) {
        put_null(out);
    } else {
        put_text(out, reason);
    }
    put_digest(out, item->definitions_sha256);
    put_digest(out, item->trust_sha256);
    put_digest(out, item->registry_sha256);
    put_digest(out, item->calendar_sha256);
    put_text(out, item->engine);
    put_decimal(out, (int64_t)item->log_index);
    put_decimal(out, (int64_t)findings);
    put_decimal(out, cut > INT32_MAX ? INT32_MAX : (int64_t)cut);
    if (conclusion_has_reference(item)) {
        put_digest(out, item->reference_sha256);
    }
}

static void
put_unit(struct buf *out, const struct concluding *item, size_t at)
{
    static const enum unit_field fields[] = {UNIT_TYPE, UNIT_WK, UNIT_PK,
                                             UNIT_GK,   UNIT_GT, UNIT_PT};

    const struct decided_report *decided = &item->decided->reports[at];
    const struct unit_identity  *unit =
        &item->decided->package->units[decided->report->unit].identity;

    put_decimal(out, item->filed[at].report);
    if (item->filed[at].unit == 0) {
        put_null(out);
    } else {
        put_decimal(out, item->filed[at].unit);
    }
    put_text(out, decided->unit_name);
    put_text(out, decided->unit_regon);
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        put_text(out, package_trim(&unit->fields[fields[i]]));
    }
}

static void
put_form_and_period(struct buf *out, const struct concluding *item, size_t at)
{
    const struct decided_report *decided = &item->decided->reports[at];
    const struct report         *report = decided->report;

    put_text(out, report->element);
    put_text(out, decided->form == NULL ? STR("") : decided->form->code);
    put_text(out, decided->form == NULL ? STR("") : decided->form->version);
    put_text(out, decided->form_title);
    put_read_number(out, &report->period.year);
    put_text(out, package_trim(&report->period.type));
    put_read_number(out, &report->period.number);
    put_text(out, decided->period);
    put_decimal(out, date_days(report_row_period_end(&item->filed[at])));
    put_text(out, decided->level);
    put_text(out, decided->variant);
    put_read_number(out, &report->header.version);
}

static struct str
truth_text(bool truth)
{
    return truth ? STR("true") : STR("false");
}

/* Of a correction until when one is expected, and to whom it is put when it came later; of every
 * report whom it goes to. */
static void
put_window(struct buf *out, const struct concluding *item, size_t at)
{
    const struct filed_term *term = &item->filed[at].term;

    put_text(out, truth_text(report_row_corrects(item, at)));
    if (term->window_until.year == 0) {
        put_null(out);
    } else {
        put_decimal(out, date_days(term->window_until));
    }
    put_text(out, truth_text(term->outside));
    put_text(out, term->recipient);
    put_text(out, term->outside ? term->basis : STR(""));
    put_decimal(out, (int64_t)term->recipients);
}

static void
put_outcome(struct buf *out, const struct concluding *item, size_t at)
{
    const struct decided_report *decided = &item->decided->reports[at];
    const struct filed_term     *term = &item->filed[at].term;

    put_text(out, decided->reason);
    put_decimal(out, (int64_t)decided->report->start);
    put_decimal(out, (int64_t)decided->report->end);
    put_decimal(out, (int64_t)decided->report->columns.row_count);
    put_decimal(out, item->queued->arrived);
    put_decimal(out, (int64_t)item->log_index);
    if (term->due.year == 0) {
        put_null(out);
    } else {
        put_decimal(out, date_days(term->due));
    }
    put_text(out, timeliness_code(term->timeliness));
    put_text(out, term->calendar);
    put_window(out, item, at);
}

/* What `facts` holds, as its digest; it is empty again then. */
static enum err
put_facts(struct buf *out, struct buf *facts, struct fault *fault)
{
    unsigned char sha256[FINGERPRINT_SIZE];

    if (!buf_ok(facts)) {
        return FAIL(fault, ERR_MEMORY, "the facts of a decision");
    }
    TRY(fingerprint_of(buf_str(facts), sha256, fault));
    buf_append(out, fingerprint_str(sha256));
    facts->size = 0;
    return ERR_OK;
}

static enum err
put_reports(struct buf *out, struct buf *facts, const struct concluding *item, struct fault *fault)
{
    for (size_t i = 0; item->decided != NULL && i < item->decided->report_count; i++) {
        put_unit(facts, item, i);
        put_form_and_period(facts, item, i);
        put_outcome(facts, item, i);
        buf_append(out, fingerprint_str(item->filed[i].sha256));
        buf_byte(out, (char)item->decided->reports[i].verdict);
        TRY(put_facts(out, facts, fault));
    }
    return ERR_OK;
}

/* What decisions, deliveries and withdrawals begin with. */
static void
put_head(struct buf *out, const struct conclusion_flag *facts, char kind)
{
    buf_append(out, STR("brama-log-2"));
    buf_append(out, (struct str){(const char *)facts->id.bytes, UUID_SIZE});
    put_number(out, (uint64_t)facts->n);
    buf_byte(out, kind);
    buf_append(out, fingerprint_str(facts->sha256));
    put_number(out, (uint64_t)facts->arrived);
    put_number(out, (uint64_t)facts->at);
}

enum err
conclusion_leaf(struct arena *arena, const struct concluding *item, unsigned char leaf[32],
                struct fault *fault)
{
    const struct queued   *queued = item->queued;
    struct conclusion_flag head = {
        .id = queued->id, .n = item->n, .arrived = queued->arrived, .at = item->decided_at};

    size_t     reports = conclusion_report_count(item);
    struct buf out = buf_create(arena, LEAF_HEAD_SIZE + reports * CONCLUSION_LEAF_REPORT_SIZE);
    struct buf facts = buf_create(arena, FACTS_MAX);
    memcpy(head.sha256, queued->sha256, sizeof head.sha256);
    put_head(&out, &head, item->decided == NULL ? KIND_DELIVERY : KIND_DECISION);
    put_decision(&facts, item);
    TRY(put_facts(&out, &facts, fault));
    put_number(&out, reports);
    TRY(put_reports(&out, &facts, item, fault));
    if (!buf_ok(&out)) {
        return FAIL(fault, ERR_MEMORY, "the leaf of a decision of %zu reports", reports);
    }
    return fingerprint_of(buf_str(&out), leaf, fault);
}

enum err
conclusion_leaf_flag(struct arena *arena, const struct conclusion_flag *flag,
                     unsigned char leaf[32], struct fault *fault)
{
    struct buf facts = buf_create(arena, LEAF_HEAD_SIZE + UUID_SIZE);

    put_head(&facts, flag, KIND_FLAG);
    if (!uuid_is_nil(flag->appointment)) {
        buf_append(&facts, (struct str){(const char *)flag->appointment.bytes, UUID_SIZE});
    }
    if (!buf_ok(&facts)) {
        return FAIL(fault, ERR_MEMORY, "the leaf of a flag");
    }
    return fingerprint_of(buf_str(&facts), leaf, fault);
}
