#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/conclusion.h"

#include <limits.h>
#include <string.h>

/* What a row of the answer is about. */
enum { ABOUT_SUBMISSION, ABOUT_REPORT, ABOUT_NUMBERS, ABOUT_LATER, ABOUT_TWIN };

enum { NUMBERS_AT_ONCE = 1000 }; /* report numbers that one value of the sequence stands for */

/*
 * One round trip: where each submission stands, what is in force (or was last) for each key, and
 * numbers for the reports. Of a key the row in force counts, which has an index of its own, and
 * only without one that which ended last: a key may have been corrected a hundred times. What was
 * accepted once and is so no more does not count as having come before.
 */
#define BEFORE "k.report, k.submission, k.version, k.arrived, k.log_index, k.sha256, k.in_force"
#define KEY                                                                                 \
    "k.unit = q.unit AND k.form = q.form AND k.period_end = DATE 'epoch' + q.days::integer" \
    " AND k.period_type = q.period_type AND k.level = q.level AND k.variant = q.variant"

#define REPORTS                                                                             \
    "unnest($5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::text[], $10::text[]," \
    "       $12::bigint[], $13::bytea[], $14::text[])"                                      \
    " q (at, unit, form, days, period_type, level, arrived, sha256, variant) "
#define ARRIVED "timestamptz 'epoch' + q.arrived * interval '1 microsecond'"

static const char context_sql[] =
    "SELECT 0, q.at, NULL::bigint, q.submission, NULL::integer, NULL::timestamptz, NULL::bigint,"
    "       NULL::bytea, NULL::timestamptz, NULL::boolean,"
    "       s.n <> q.n - 1 OR s.state = 'withdrawn'"
    "       OR (CASE WHEN q.work = 0 THEN s.state NOT IN ('received', 'checking')"
    "                          ELSE w.done_at IS NOT NULL END) "
    "FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) q (submission, at, n, work) "
    "JOIN intake.submission s ON s.submission = q.submission "
    "LEFT JOIN intake.work w ON w.work = q.work "
    "UNION ALL "
    "SELECT 1, q.at, r.report, r.submission, r.version, r.arrived, r.log_index, r.sha256,"
    "       coalesce(upper(r.in_force), (SELECT max(lower(x)) FROM unnest(r.in_force) x)),"
    "       EXISTS (SELECT FROM intake.report k "
    "               JOIN intake.submission o ON o.submission = k.submission AND o.decided_n = k.n "
    "               WHERE " KEY " AND k.verdict = 1 AND k.arrived < " ARRIVED "),"
    "       upper_inf(r.in_force) "
    "FROM " REPORTS "CROSS JOIN LATERAL ("
    "    (SELECT " BEFORE " FROM intake.report k WHERE " KEY " AND upper_inf(k.in_force) LIMIT 1) "
    "    UNION ALL "
    "    (SELECT " BEFORE " FROM intake.report k WHERE " KEY " AND k.verdict = 1"
    "         AND k.in_force IS NOT NULL AND NOT upper_inf(k.in_force)"
    "     ORDER BY upper(k.in_force) DESC LIMIT 1) "
    "    LIMIT 1) r "
    "UNION ALL "
    "SELECT 2, 0, nextval('intake.report_id'), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL "
    "FROM generate_series(1, $11) "
    "UNION ALL "
    "SELECT 3, q.at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL "
    "FROM " REPORTS "WHERE EXISTS (SELECT FROM intake.report k WHERE " KEY
    "    AND (k.timeliness = 'late' OR (k.verdict = 1 AND NOT k.corrects)) AND k.arrived > " ARRIVED
    ") "
    "UNION ALL "
    "SELECT 4, q.at, NULL, NULL, t.timeliness, NULL, NULL, NULL, NULL, NULL, NULL "
    "FROM " REPORTS "CROSS JOIN LATERAL ("
    "    SELECT array_position(ARRAY['in_time', 'late', 'correction'], k.timeliness) AS timeliness "
    "    FROM intake.report k "
    "    JOIN intake.submission o ON o.submission = k.submission AND o.decided_n = k.n "
    "    WHERE " KEY " AND k.verdict = 1 AND k.sha256 = q.sha256 AND k.timeliness IS NOT NULL"
    "        AND k.arrived < " ARRIVED " ORDER BY k.arrived LIMIT 1) t";

/* A batch, with its reports that have a key as arrays for the statement. */
struct asked {
    const struct concluding *items;
    size_t                   item_count;
    size_t                   count;
    int64_t                 *at; /* number of the report in the batch */
    int64_t                 *units;
    struct str              *forms;
    int64_t                 *days;
    struct str              *types;
    struct str              *levels;
    struct str              *variants;
    int64_t                 *arrived;
    struct str              *digests;
    struct filed           **filed; /* of every report of the batch, also without a key */
    struct before          **before;
    size_t                   report_count;
};

static int64_t
unit_of(const struct concluding *item, const struct report *report)
{
    return report->unit < item->unit_count ? registry_unit_of(&item->units[report->unit]) : 0;
}

static int32_t
version_of(const struct report *report)
{
    int64_t version = 0;

    return str_to_number(package_trim(&report->header.version), &version) && version <= INT32_MAX
               ? (int32_t)version
               : INT32_MIN;
}

static enum err
file_report(const struct concluding *item, const struct decided_report *decided,
            struct filed *filed, struct fault *fault)
{
    const struct report *report = decided->report;

    filed->unit = unit_of(item, report);
    filed->version = version_of(report);
    filed->readable = catalogue_period(item->catalogue, package_trim(&report->period.year),
                                       package_trim(&report->period.type),
                                       package_trim(&report->period.number), &filed->period);
    filed->has_key = filed->unit != 0 && decided->form != NULL && filed->readable;
    return fingerprint_of(str_slice(item->bytes, report->start,
                                    report->end > report->start ? report->end - report->start : 0),
                          filed->sha256, fault);
}

static bool
asked_create(struct arena *arena, size_t reports, struct asked *out)
{
    *out = (struct asked){.at = ARENA_NEW(arena, int64_t, reports + 1),
                          .units = ARENA_NEW(arena, int64_t, reports + 1),
                          .forms = ARENA_NEW(arena, struct str, reports + 1),
                          .days = ARENA_NEW(arena, int64_t, reports + 1),
                          .types = ARENA_NEW(arena, struct str, reports + 1),
                          .levels = ARENA_NEW(arena, struct str, reports + 1),
                          .variants = ARENA_NEW(arena, struct str, reports + 1),
                          .arrived = ARENA_NEW(arena, int64_t, reports + 1),
                          .digests = ARENA_NEW(arena, struct str, reports + 1),
                          .filed = ARENA_NEW(arena, struct filed *, reports + 1),
                          .before = ARENA_NEW(arena, struct before *, reports + 1)};
    return out->at != NULL && out->units != NULL && out->forms != NULL && out->days != NULL
           && out->types != NULL && out->levels != NULL && out->variants != NULL
           && out->arrived != NULL && out->digests != NULL && out->filed != NULL
           && out->before != NULL;
}

static void
asked_add(struct asked *asked, struct concluding *item, size_t report)
{
    const struct decided_report *decided = &item->decided->reports[report];
    struct filed                *filed = &item->filed[report];
    size_t                       last = asked->count;

    asked->filed[asked->report_count] = filed;
    asked->before[asked->report_count] = &item->before[report];
    if (filed->has_key) {
        asked->at[last] = (int64_t)asked->report_count;
        asked->units[last] = filed->unit;
        asked->forms[last] = decided->form->code;
        asked->days[last] = date_days(filed->period.end);
        asked->types[last] = filed->period.type->name;
        asked->levels[last] = decided->level.data == NULL ? STR("") : decided->level;
        asked->variants[last] = decided->variant.data == NULL ? STR("") : decided->variant;
        asked->arrived[last] = item->queued->arrived;
        asked->digests[last] = fingerprint_str(filed->sha256);
        asked->count++;
    }
    asked->report_count++;
}

static enum err
ask(struct store *store, struct arena *arena, const struct asked *asked, struct store_rows *rows,
    struct fault *fault)
{
    const struct concluding *items = asked->items;
    size_t                   count = asked->item_count;

    struct store_parameters parameters = store_parameters_create(arena);
    struct uuid            *ids = ARENA_NEW(arena, struct uuid, count + 1);
    int64_t                *at = ARENA_NEW(arena, int64_t, count + 1);
    int64_t                *numbers = ARENA_NEW(arena, int64_t, count + 1);
    int64_t                *work = ARENA_NEW(arena, int64_t, count + 1);

    if (ids == NULL || at == NULL || numbers == NULL || work == NULL) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu decisions", count);
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].queued->id;
        at[i] = (int64_t)i;
        numbers[i] = items[i].n;
        work[i] = items[i].queued->work;
    }
    store_put_uuids(&parameters, ids, count);
    store_put_numbers(&parameters, at, count);
    store_put_numbers(&parameters, numbers, count);
    store_put_numbers(&parameters, work, count);
    store_put_numbers(&parameters, asked->at, asked->count);
    store_put_numbers(&parameters, asked->units, asked->count);
    store_put_texts(&parameters, asked->forms, asked->count);
    store_put_numbers(&parameters, asked->days, asked->count);
    store_put_texts(&parameters, asked->types, asked->count);
    store_put_texts(&parameters, asked->levels, asked->count);
    store_put_number(&parameters,
                     (int64_t)(asked->report_count + NUMBERS_AT_ONCE - 1) / NUMBERS_AT_ONCE);
    store_put_numbers(&parameters, asked->arrived, asked->count);
    store_put_byte_strings(&parameters, asked->digests, asked->count);
    store_put_texts(&parameters, asked->variants, asked->count);
    return store_run(store, context_sql, &parameters, arena, rows, fault);
}

static void
read_before(const struct store_rows *rows, size_t row, struct before *out)
{
    *out = (struct before){
        .has_later = out->has_later,
        .exists = store_truth(rows, row, 10),
        .corrected = store_truth(rows, row, 9),
        .report = store_number(rows, row, 2),
        .submission = store_uuid(rows, row, 3),
        .version = store_is_null(rows, row, 4) ? INT32_MIN : (int32_t)store_number(rows, row, 4),
        .arrived = store_instant(rows, row, 5),
        .log_index = store_number(rows, row, 6),
        .since = store_instant(rows, row, 8)};
    ENSURE(store_text(rows, row, 7).size == FINGERPRINT_SIZE);
    memcpy(out->sha256, store_text(rows, row, 7).data, FINGERPRINT_SIZE);
}

/* The reports of the batch in order get the next NUMBERS_AT_ONCE numbers from `first` on. */
static size_t
number_reports(const struct asked *asked, size_t numbered, int64_t first)
{
    size_t end = numbered + NUMBERS_AT_ONCE;

    end = end < asked->report_count ? end : asked->report_count;
    for (size_t i = numbered; i < end; i++) {
        asked->filed[i]->report = first + (int64_t)(i - numbered);
    }
    return end;
}

static void
read_context(const struct store_rows *rows, const struct asked *asked, bool *done)
{
    size_t numbered = 0;

    for (size_t i = 0; i < store_row_count(rows); i++) {
        int64_t at = store_number(rows, i, 1);
        switch (store_number(rows, i, 0)) {
        case ABOUT_SUBMISSION:
            done[at] = store_truth(rows, i, 10);
            break;
        case ABOUT_REPORT:
            read_before(rows, i, asked->before[at]);
            break;
        case ABOUT_LATER:
            asked->before[at]->has_later = true;
            break;
        case ABOUT_TWIN:
            asked->filed[at]->twin = (enum timeliness)store_number(rows, i, 4);
            break;
        default:
            numbered = number_reports(asked, numbered, store_number(rows, i, 2));
            break;
        }
    }
    ENSURE(numbered == asked->report_count);
}

enum err
conclusion_context_file(struct arena *arena, struct concluding *item, struct fault *fault)
{
    size_t count = conclusion_report_count(item);

    item->before = ARENA_NEW(arena, struct before, count + 1);
    item->filed = ARENA_NEW(arena, struct filed, count + 1);
    if (item->before == NULL || item->filed == NULL) {
        return FAIL(fault, ERR_MEMORY, "a decision of %zu reports", count);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(file_report(item, &item->decided->reports[i], &item->filed[i], fault));
    }
    return ERR_OK;
}

enum err
conclusion_context(struct store *store, struct arena *arena, struct concluding *items, size_t count,
                   bool *done, struct fault *fault)
{
    struct asked      asked = {0};
    struct store_rows rows = {0};

    size_t reports = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(conclusion_context_file(arena, &items[i], fault));
        reports += conclusion_report_count(&items[i]);
        done[i] = true; /* until its row says otherwise */
    }
    if (!asked_create(arena, reports, &asked)) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu reports", reports);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            asked_add(&asked, &items[i], j);
        }
    }
    asked.items = items;
    asked.item_count = count;
    TRY(ask(store, arena, &asked, &rows, fault));
    read_context(&rows, &asked, done);
    return ERR_OK;
}
