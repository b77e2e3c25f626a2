#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/addressing.h"
#include "gateway/intake/conclusion.h"
#include "gateway/intake/context.h"
#include "gateway/intake/copy_text.h"
#include "gateway/intake/in_force.h"
#include "gateway/intake/latecomer.h"
#include "gateway/intake/race.h"
#include "gateway/intake/redecision.h"
#include "gateway/intake/report_row.h"

#include <limits.h>
#include <string.h>

/* Of reports in force, none of which began after its end: no time left means "never". */
static const char end_sql[] =
    "UPDATE intake.report r "
    "SET in_force = nullif(r.in_force * tstzmultirange(tstzrange(NULL, timestamptz 'epoch'"
    "                                + q.until * interval '1 microsecond')), '{}') "
    "FROM unnest($1::bigint[], $2::bigint[]) q (report, until) "
    "WHERE r.report = q.report AND upper_inf(r.in_force) RETURNING 1";

/* Units that are concerned by what somebody else filed. */
static const char concern_sql[] =
    "INSERT INTO intake.concern (unit, ordinal, subject) "
    "SELECT DISTINCT q.unit, s.ordinal, s.subject "
    "FROM unnest($1::uuid[], $2::bigint[]) q (submission, unit) "
    "JOIN intake.submission s ON s.submission = q.submission ON CONFLICT DO NOTHING";

enum { DECISION_COLUMNS = 15, RECEIPT_COLUMNS = 10, LOG_COLUMNS = 7 };

static const char decision_target[] =
    "intake.decision (submission, n, kind, verdict, reason, decided_at, definitions, trust,"
    " registry, engine, log_index, finding_count, cut, calendar,"
    " reference)";
static const char receipt_target[] =
    "intake.receipt (number, submission, n, kind, ordinal, unit, regon, bytes, sha256, reports)";
static const char log_target[] = "intake.log (index, at, kind, submission, n, leaf, chain)";

/*
 * Everything that is an UPDATE, in one round trip. What was decided stays decided when a later
 * attempt at it only says that it was delivered. Gives the counts of what has moved.
 */
static const char move_sql[] =
    "WITH items AS ("
    "    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[],"
    "                         $6::bigint[])"
    "        q (submission, n, state, verdict, decided_at, work)), "
    "moved AS ("
    "    UPDATE intake.submission s SET n = q.n, owner = NULL, lease_until = NULL,"
    "        state = CASE WHEN s.state = 'decided' THEN s.state ELSE q.state END,"
    "        verdict = CASE WHEN q.state = 'decided' THEN q.verdict ELSE s.verdict END,"
    "        decided_n = CASE WHEN q.state = 'decided' THEN q.n ELSE s.decided_n END,"
    "        decided_at = CASE WHEN q.state = 'decided' THEN timestamptz 'epoch'"
    "            + q.decided_at * interval '1 microsecond' ELSE s.decided_at END,"
    "        withdrawn_at = CASE WHEN q.state = 'withdrawn' THEN timestamptz 'epoch'"
    "            + q.decided_at * interval '1 microsecond' ELSE s.withdrawn_at END,"
    "        withdrawn_by = CASE WHEN q.state = 'withdrawn' THEN s.credential"
    "            ELSE s.withdrawn_by END,"
    "        withdrawn_in = CASE WHEN q.state = 'withdrawn' THEN s.appointment"
    "            ELSE s.withdrawn_in END "
    "    FROM items q WHERE s.submission = q.submission AND s.n = q.n - 1"
    "        AND s.state <> 'withdrawn' RETURNING 1), "
    "worked AS ("
    "    UPDATE intake.work w SET done_at = now(), owner = NULL, lease_until = NULL "
    "    FROM items q WHERE w.work = q.work AND w.done_at IS NULL RETURNING 1), "
    "told AS ("
    "    INSERT INTO intake.outbox (kind, submission, n) "
    "    SELECT 'submission.' || q.state, q.submission, q.n FROM items q "
    "    WHERE q.state <> 'received' RETURNING 1), "
    "grown AS ("
    "    UPDATE intake.log_head SET index = $7, chain = $8 WHERE index = $7 - $9 RETURNING 1) "
    "SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM worked),"
    "       (SELECT count(*) FROM grown), (SELECT count(*) FROM told)";

static const char *
kind_of(const struct concluding *item)
{
    return item->decided == NULL ? "delivery" : "decision";
}

static void
put_decision(struct store_copy *copy, const struct concluding *item)
{
    const struct decided_file *decided = item->decided;
    struct str                 reason = decided == NULL ? item->reason : decided->reason;
    size_t                     cut = 0;
    size_t                     findings = conclusion_finding_count(item, &cut);

    store_copy_row(copy);
    store_copy_uuid(copy, item->queued->id);
    store_copy_small(copy, (int16_t)item->n);
    store_copy_text(copy, str_of(kind_of(item)));
    store_copy_small(copy, (int16_t)(decided == NULL ? VERDICT_UNDECIDED : decided->verdict));
    store_copy_text(copy, reason.size == 0 ? (struct str){0} : reason);
    store_copy_instant(copy, item->decided_at);
    store_copy_bytes(copy, fingerprint_str(item->definitions_sha256));
    store_copy_bytes(copy, fingerprint_str(item->trust_sha256));
    store_copy_bytes(copy, fingerprint_str(item->registry_sha256));
    copy_text_put(copy, item->engine);
    store_copy_number(copy, (int64_t)item->log_index);
    store_copy_integer(copy, (int32_t)findings);
    store_copy_integer(copy, cut > INT32_MAX ? INT32_MAX : (int32_t)cut);
    store_copy_bytes(copy, fingerprint_str(item->calendar_sha256));
    if (conclusion_has_reference(item)) {
        store_copy_bytes(copy, fingerprint_str(item->reference_sha256));
    } else {
        store_copy_null(copy);
    }
}

static enum err
put_receipts(struct store_copy *copy, const struct concluding *item, struct fault *fault)
{
    for (size_t i = 0; i < item->receipt_count; i++) {
        const struct concluded_receipt *receipt = &item->receipts[i];
        unsigned char                   sha256[FINGERPRINT_SIZE];
        TRY(fingerprint_of(receipt->bytes, sha256, fault));
        store_copy_row(copy);
        store_copy_text(copy, receipt->number);
        store_copy_uuid(copy, item->queued->id);
        store_copy_small(copy, (int16_t)item->n);
        store_copy_text(copy, str_of(receipt->kind));
        store_copy_small(copy, (int16_t)i);
        if (receipt->unit == 0) {
            store_copy_null(copy);
        } else {
            store_copy_number(copy, receipt->unit);
        }
        copy_text_put(copy, receipt->regon);
        store_copy_bytes(copy, receipt->bytes);
        store_copy_bytes(copy, fingerprint_str(sha256));
        store_copy_run(copy, (int32_t)receipt->report_from, receipt->report_count);
    }
    return ERR_OK;
}

static void
put_log(struct store_copy *copy, const struct concluding *item)
{
    store_copy_row(copy);
    store_copy_number(copy, (int64_t)item->log_index);
    store_copy_instant(copy, item->decided_at);
    store_copy_text(copy, str_of(kind_of(item)));
    store_copy_uuid(copy, item->queued->id);
    store_copy_small(copy, (int16_t)item->n);
    store_copy_bytes(copy, fingerprint_str(item->log_leaf));
    store_copy_bytes(copy, fingerprint_str(item->log_chain));
}

static enum err
copy_reports(struct store *store, struct arena *arena, const struct concluding *items, size_t count,
             struct fault *fault)
{
    struct store_copy *copy = NULL;

    TRY(store_copy_begin(store, arena, report_row_target(), REPORT_ROW_COLUMNS, &copy, fault));
    for (size_t i = 0; i < count; i++) {
        report_row_put(copy, &items[i]);
    }
    return store_copy_end(copy, fault);
}

static enum err
copy_decisions(struct store *store, struct arena *arena, const struct concluding *items,
               size_t count, struct fault *fault)
{
    struct store_copy *copy = NULL;

    TRY(store_copy_begin(store, arena, decision_target, DECISION_COLUMNS, &copy, fault));
    for (size_t i = 0; i < count; i++) {
        put_decision(copy, &items[i]);
    }
    return store_copy_end(copy, fault);
}

static enum err
copy_receipts(struct store *store, struct arena *arena, const struct concluding *items,
              size_t count, struct fault *fault)
{
    struct store_copy *copy = NULL;

    TRY(store_copy_begin(store, arena, receipt_target, RECEIPT_COLUMNS, &copy, fault));
    for (size_t i = 0; i < count; i++) {
        TRY(put_receipts(copy, &items[i], fault));
    }
    return store_copy_end(copy, fault);
}

static enum err
copy_log(struct store *store, struct arena *arena, const struct concluding *items, size_t count,
         struct fault *fault)
{
    struct store_copy *copy = NULL;

    TRY(store_copy_begin(store, arena, log_target, LOG_COLUMNS, &copy, fault));
    for (size_t i = 0; i < count; i++) {
        put_log(copy, &items[i]);
    }
    return store_copy_end(copy, fault);
}

static enum err
end_reports(struct store *store, struct arena *arena, const struct in_force_end *ends, size_t count,
            struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(arena);
    int64_t                *reports = ARENA_NEW(arena, int64_t, count + 1);
    int64_t                *until = ARENA_NEW(arena, int64_t, count + 1);

    if (reports == NULL || until == NULL) {
        return FAIL(fault, ERR_MEMORY, "the end of %zu reports", count);
    }
    for (size_t i = 0; i < count; i++) {
        reports[i] = ends[i].report;
        until[i] = ends[i].until;
    }
    store_put_numbers(&parameters, reports, count);
    store_put_numbers(&parameters, until, count);
    TRY(store_run(store, end_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) != count) {
        return FAIL(fault, ERR_STORE_CONFLICT, "a report that was in force is so no more");
    }
    return ERR_OK;
}

/* What is in force of the batch and what ends by it; the reports and decisions themselves. */
static enum err
copy_decided(struct store *store, struct arena *arena, struct concluding *items, size_t count,
             struct fault *fault)
{
    bool                 again = redecision_among(items, count);
    struct in_force_end *ends = NULL;
    size_t               end_count = 0;

    if (!again) {
        TRY(in_force_settle(arena, items, count, &ends, &end_count, fault));
    }
    if (end_count > 0) {
        TRY(end_reports(store, arena, ends, end_count, fault));
    }
    TRY(copy_reports(store, arena, items, count, fault));
    TRY(copy_decisions(store, arena, items, count, fault));
    return again ? redecision_settle(store, arena, items, count, fault) : ERR_OK;
}

static enum err
note_concerns(struct store *store, struct arena *arena, const struct concluding *items,
              size_t count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    size_t                  room = 1;
    size_t                  found = 0;

    for (size_t i = 0; i < count; i++) {
        room += conclusion_report_count(&items[i]);
    }
    struct uuid *ids = ARENA_NEW(arena, struct uuid, room);
    int64_t     *units = ARENA_NEW(arena, int64_t, room);
    if (ids == NULL || units == NULL) {
        return FAIL(fault, ERR_MEMORY, "units of %zu reports", room);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            int64_t unit = items[i].filed[j].unit;
            ids[found] = items[i].queued->id;
            units[found] = unit;
            found += unit != 0 && unit != items[i].queued->subject ? 1 : 0;
        }
    }
    if (found == 0) {
        return ERR_OK;
    }
    store_put_uuids(&parameters, ids, found);
    store_put_numbers(&parameters, units, found);
    return store_run(store, concern_sql, &parameters, arena, NULL, fault);
}

static struct str
state_of(const struct concluding *item)
{
    if (item->decided != NULL) {
        return STR("decided");
    }
    if (item->refused) {
        return STR("withdrawn");
    }
    return item->parked ? STR("parked") : STR("received");
}

/* The items as arrays for move_sql. */
struct moves {
    struct uuid *ids;
    int64_t     *numbers;
    struct str  *states;
    int64_t     *verdicts;
    int64_t     *decided_at;
    int64_t     *work;
    size_t       work_count;
};

static enum err
moves_create(struct arena *arena, const struct concluding *items, size_t count, struct moves *out,
             struct fault *fault)
{
    *out = (struct moves){.ids = ARENA_NEW(arena, struct uuid, count),
                          .numbers = ARENA_NEW(arena, int64_t, count),
                          .states = ARENA_NEW(arena, struct str, count),
                          .verdicts = ARENA_NEW(arena, int64_t, count),
                          .decided_at = ARENA_NEW(arena, int64_t, count),
                          .work = ARENA_NEW(arena, int64_t, count)};
    if (out->ids == NULL || out->numbers == NULL || out->states == NULL || out->verdicts == NULL
        || out->decided_at == NULL || out->work == NULL) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu decisions", count);
    }
    for (size_t i = 0; i < count; i++) {
        out->ids[i] = items[i].queued->id;
        out->numbers[i] = items[i].n;
        out->states[i] = state_of(&items[i]);
        out->verdicts[i] =
            items[i].decided == NULL ? VERDICT_UNDECIDED : (int64_t)items[i].decided->verdict;
        out->decided_at[i] = items[i].decided_at;
        out->work[i] = items[i].queued->work;
        out->work_count += items[i].queued->work != 0;
    }
    return ERR_OK;
}

static enum err
move_states(struct store *store, struct arena *arena, const struct concluding *items, size_t count,
            struct fault *fault)
{
    struct moves             moves = {0};
    struct store_rows        rows = {0};
    struct store_parameters  parameters = store_parameters_create(arena);
    const struct concluding *last = &items[count - 1];

    TRY(moves_create(arena, items, count, &moves, fault));
    store_put_uuids(&parameters, moves.ids, count);
    store_put_numbers(&parameters, moves.numbers, count);
    store_put_texts(&parameters, moves.states, count);
    store_put_numbers(&parameters, moves.verdicts, count);
    store_put_numbers(&parameters, moves.decided_at, count);
    store_put_numbers(&parameters, moves.work, count);
    store_put_number(&parameters, (int64_t)last->log_index);
    store_put_bytes(&parameters, fingerprint_str(last->log_chain));
    store_put_number(&parameters, (int64_t)count);
    TRY(store_run(store, move_sql, &parameters, arena, &rows, fault));
    if ((size_t)store_number(&rows, 0, 0) != count
        || (size_t)store_number(&rows, 0, 1) != moves.work_count) {
        return FAIL(fault, ERR_STORE_CONFLICT, "another worker has concluded one of the batch");
    }
    if (store_number(&rows, 0, 2) != 1) {
        return FAIL(fault, ERR_STORE, "the head of the log is not where it was when locked");
    }
    return ERR_OK;
}

static enum err
finish(struct store *store, struct arena *arena, struct concluding *items, size_t count,
       struct fault *fault)
{
    TRY(context_write(store, arena, items, count, fault));
    TRY(note_concerns(store, arena, items, count, fault));
    TRY(addressing_note(store, arena, items, count, fault));
    TRY(copy_receipts(store, arena, items, count, fault));
    TRY(copy_log(store, arena, items, count, fault));
    TRY(move_states(store, arena, items, count, fault));
    return latecomer_wake(store, arena, items, count, fault);
}

enum err
conclusion_finish_settle(struct store *store, struct arena *arena, struct concluding *items,
                         size_t count, struct fault *fault)
{
    return count == 0 ? ERR_OK
                      : race_tell(store, copy_decided(store, arena, items, count, fault), fault);
}

enum err
conclusion_finish(struct store *store, struct arena *arena, struct concluding *items, size_t count,
                  struct fault *fault)
{
    return count == 0 ? ERR_OK : race_tell(store, finish(store, arena, items, count, fault), fault);
}
