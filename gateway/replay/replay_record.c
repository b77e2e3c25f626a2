#include "gateway/replay/replay_record.h"

#include "gateway/fingerprint/fingerprint.h"

#include <string.h>

enum column {
    COLUMN_SHA256,
    COLUMN_SIZE,
    COLUMN_FIRST_BYTE,
    COLUMN_ARRIVED,
    COLUMN_FOLLOWS,
    COLUMN_FIRST_ARRIVED,
    COLUMN_SUBJECT,
    COLUMN_OBJECTION,
    COLUMN_OBJECTION_REASON,
    COLUMN_KIND,
    COLUMN_REASON,
    COLUMN_DECIDED_AT,
    COLUMN_DEFINITIONS_SHA256,
    COLUMN_TRUST_SHA256,
    COLUMN_REGISTRY_SHA256,
    COLUMN_CALENDAR_SHA256,
    COLUMN_ENGINE,
    COLUMN_LOG_INDEX,
    COLUMN_ENCODING,
    COLUMN_PACKED,
    COLUMN_CONTEXT,
    COLUMN_LEAF,
    COLUMN_DEFINITIONS,
    COLUMN_TRUST,
    COLUMN_REFERENCE_SHA256,
};

static const char decision_sql[] =
    "SELECT s.sha256, s.size, s.first_byte, s.arrived, s.follows, s.first_arrived, s.subject,"
    " s.objection, s.objection_reason,"
    " d.kind, d.reason, d.decided_at, d.definitions, d.trust, d.registry, d.calendar, d.engine,"
    " d.log_index, o.encoding, o.bytes, c.bytes, l.leaf, m.bytes, t.bytes, d.reference "
    "FROM intake.decision d JOIN intake.submission s USING (submission) "
    "LEFT JOIN intake.document o USING (submission) "
    "LEFT JOIN intake.context c ON c.submission = d.submission AND c.n = d.n "
    "LEFT JOIN intake.log l ON l.index = d.log_index AND l.submission = d.submission AND l.n = d.n "
    "LEFT JOIN intake.material m ON m.sha256 = d.definitions AND m.kind = 'definitions' "
    "LEFT JOIN intake.material t ON t.sha256 = d.trust AND t.kind = 'trust' "
    "WHERE d.submission = $1 AND d.n = $2";

static const char reports_sql[] = "SELECT report FROM intake.report "
                                  "WHERE submission = $1 AND n = $2 ORDER BY ordinal";

static const char receipts_sql[] = "SELECT number, bytes, sha256 = pg_catalog.sha256(bytes) "
                                   "FROM intake.receipt WHERE submission = $1 AND n = $2 "
                                   "ORDER BY ordinal";

static void
read_submission(const struct store_rows *rows, const struct replay_target *target,
                struct queued *out)
{
    struct str sha256 = store_text(rows, 0, COLUMN_SHA256);

    *out = (struct queued){
        .id = target->submission,
        .n = target->n - 1,
        .size = (uint64_t)store_number(rows, 0, COLUMN_SIZE),
        .first_byte = store_instant(rows, 0, COLUMN_FIRST_BYTE),
        .arrived = store_instant(rows, 0, COLUMN_ARRIVED),
        .follows = store_uuid(rows, 0, COLUMN_FOLLOWS),
        .first_arrived = store_instant(rows, 0, COLUMN_FIRST_ARRIVED),
        .subject = store_number(rows, 0, COLUMN_SUBJECT),
        .objection = {store_text(rows, 0, COLUMN_OBJECTION),
                      store_text(rows, 0, COLUMN_OBJECTION_REASON)}
    };
    memcpy(out->sha256, sha256.data, FINGERPRINT_SIZE);
}

static void
read_decision(const struct store_rows *rows, const struct replay_target *target,
              struct replay_record *out)
{
    read_submission(rows, target, &out->queued);
    out->kind = store_text(rows, 0, COLUMN_KIND);
    out->reason = store_text(rows, 0, COLUMN_REASON);
    out->decided_at = store_instant(rows, 0, COLUMN_DECIDED_AT);
    out->definitions_sha256 = store_text(rows, 0, COLUMN_DEFINITIONS_SHA256);
    out->trust_sha256 = store_text(rows, 0, COLUMN_TRUST_SHA256);
    out->registry_sha256 = store_text(rows, 0, COLUMN_REGISTRY_SHA256);
    out->calendar_sha256 = store_text(rows, 0, COLUMN_CALENDAR_SHA256);
    out->engine = store_text(rows, 0, COLUMN_ENGINE);
    out->log_index = store_number(rows, 0, COLUMN_LOG_INDEX);
    out->encoding = store_text(rows, 0, COLUMN_ENCODING);
    out->packed = store_text(rows, 0, COLUMN_PACKED);
    out->context = store_text(rows, 0, COLUMN_CONTEXT);
    out->leaf = store_text(rows, 0, COLUMN_LEAF);
    out->definitions = store_text(rows, 0, COLUMN_DEFINITIONS);
    out->trust = store_text(rows, 0, COLUMN_TRUST);
    out->reference_sha256 = store_text(rows, 0, COLUMN_REFERENCE_SHA256);
}

static enum err
read_reports(struct arena *arena, const struct store_rows *rows, struct replay_record *out,
             struct fault *fault)
{
    size_t count = store_row_count(rows);

    out->reports = ARENA_NEW(arena, int64_t, count + 1);
    if (out->reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sprawozdań", count);
    }
    for (size_t i = 0; i < count; i++) {
        out->reports[i] = store_number(rows, i, 0);
    }
    out->report_count = count;
    return ERR_OK;
}

static enum err
read_receipts(struct arena *arena, const struct store_rows *rows, struct replay_record *out,
              struct fault *fault)
{
    size_t count = store_row_count(rows);

    out->receipts = ARENA_NEW(arena, struct replay_receipt, count + 1);
    if (out->receipts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu UPO", count);
    }
    for (size_t i = 0; i < count; i++) {
        out->receipts[i] = (struct replay_receipt){.number = store_text(rows, i, 0),
                                                   .bytes = store_text(rows, i, 1),
                                                   .intact = store_truth(rows, i, 2)};
    }
    out->receipt_count = count;
    return ERR_OK;
}

enum err
replay_record_read(struct store *store, struct arena *arena, const struct replay_target *target,
                   struct replay_record *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       decision = {0};
    struct store_rows       reports = {0};
    struct store_rows       receipts = {0};

    *out = (struct replay_record){0};
    store_put_uuid(&parameters, target->submission);
    store_put_number(&parameters, target->n);
    TRY(store_run(store, decision_sql, &parameters, arena, &decision, fault));
    if (store_row_count(&decision) == 0) {
        return FAIL(fault, ERR_USAGE, "nie ma takiego rozstrzygnięcia");
    }
    read_decision(&decision, target, out);
    TRY(store_run(store, reports_sql, &parameters, arena, &reports, fault));
    TRY(read_reports(arena, &reports, out, fault));
    TRY(store_run(store, receipts_sql, &parameters, arena, &receipts, fault));
    return read_receipts(arena, &receipts, out, fault);
}
