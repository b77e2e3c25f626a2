#include "gateway/intake/queue.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/packing.h"

#include <string.h>

/* Of the room, work rows may take one part in so many. */
enum { WORK_PART = 4 };

/* What a row of the queue says, by the numbers of columns below; a taken one also its document. */
#define COLUMNS                                                                              \
    "s.submission, s.n, s.subject, s.credential, s.sha256, s.size, s.first_byte, s.arrived," \
    " s.follows, s.first_arrived, u.name, u.regon, s.strict, s.decided_n,"                   \
    " s.objection, s.objection_reason"

enum column {
    COLUMN_ID,
    COLUMN_N,
    COLUMN_SUBJECT,
    COLUMN_CREDENTIAL,
    COLUMN_SHA256,
    COLUMN_SIZE,
    COLUMN_FIRST_BYTE,
    COLUMN_ARRIVED,
    COLUMN_FOLLOWS,
    COLUMN_FIRST_ARRIVED,
    COLUMN_NAME,
    COLUMN_REGON,
    COLUMN_STRICT,
    COLUMN_DECIDED_N,
    COLUMN_OBJECTION,
    COLUMN_OBJECTION_REASON,
    COLUMN_ATTEMPTS,
    COLUMN_WORK,
    COLUMN_CAUSE,
    COLUMN_ENCODING,
    COLUMN_BYTES,
    COLUMN_GIVEN_BACK,
};

/*
 * Both statements: candidates in order, locked and skipping what another worker locks just now; of
 * them the first, and behind a first one that was never tried whatever fits and was never tried
 * either. $5: something is taken already, so that the first one must fit and be untried as well.
 * $6: alone, $7: reborn, $8: given back so often, it counts as tried (queue.h).
 */
#define CHOSEN                                                                  \
    "chosen AS (SELECT id FROM ("                                               \
    "    SELECT id, tried, row_number() OVER (ORDER BY id) AS place,"           \
    "           first_value(tried) OVER (ORDER BY id) AS first_tried,"          \
    "           sum(size) FILTER (WHERE NOT tried) OVER (ORDER BY id) AS total" \
    "    FROM candidates) q "                                                   \
    "    WHERE (place = 1 AND NOT $5)"                                          \
    "       OR (NOT first_tried AND NOT tried AND total <= $4)), "

static const char take_submissions_sql[] =
    "WITH candidates AS ("
    "    SELECT s.ordinal AS id, s.attempts > 0 OR s.given_back >= $8 AS tried, s.size"
    "    FROM intake.submission s "
    "    WHERE s.state IN ('received', 'checking')"
    "      AND (s.owner = $1 OR s.lease_until IS NULL OR s.lease_until <= now()) "
    "    ORDER BY s.ordinal LIMIT $3 FOR UPDATE SKIP LOCKED), " CHOSEN "taken AS ("
    "    UPDATE intake.submission s "
    "    SET owner = $1, lease_until = now() + $2 * interval '1 second',"
    "        attempts = s.attempts + ($7 AND s.state = 'checking' AND s.owner IS NOT DISTINCT FROM "
    "$1)::integer,"
    "        state = CASE WHEN $6 OR s.attempts > 0 OR s.given_back >= $8 THEN 'checking' "
    "                ELSE 'received' END "
    "    FROM chosen WHERE s.ordinal = chosen.id RETURNING s.*) "
    "SELECT " COLUMNS ", s.attempts, 0::bigint, NULL::text, d.encoding, d.bytes, s.given_back "
    "FROM taken s JOIN registry.unit u ON u.unit = s.subject "
    "JOIN intake.document d USING (submission) ORDER BY s.ordinal";

static const char take_work_sql[] =
    "WITH candidates AS ("
    "    SELECT w.work AS id, w.attempts > 0 OR w.given_back >= $8 AS tried, s.size"
    "    FROM intake.work w "
    "    JOIN intake.submission s USING (submission) "
    "    WHERE w.done_at IS NULL"
    "      AND s.state NOT IN ('received', 'checking', 'withdrawn')"
    "      AND (w.owner = $1 OR w.lease_until IS NULL OR w.lease_until <= now())"
    "      AND NOT EXISTS (SELECT 1 FROM intake.work o WHERE o.submission = w.submission"
    "                      AND o.done_at IS NULL AND o.work < w.work) "
    "    ORDER BY w.work LIMIT $3 FOR UPDATE OF w SKIP LOCKED), " CHOSEN "taken AS ("
    "    UPDATE intake.work w SET owner = $1, lease_until = now() + $2 * interval '1 second',"
    "        attempts = w.attempts + ($7 AND $6 AND w.owner IS NOT DISTINCT FROM $1)::integer "
    "    FROM chosen WHERE w.work = chosen.id RETURNING w.*) "
    "SELECT " COLUMNS ", w.attempts, w.work, w.cause, d.encoding, d.bytes, w.given_back "
    "FROM taken w JOIN intake.submission s USING (submission) "
    "JOIN registry.unit u ON u.unit = s.subject "
    "JOIN intake.document d USING (submission) ORDER BY w.work";
static const char look_sql[] = "SELECT " COLUMNS ", s.attempts "
                               "FROM unnest($1::uuid[]) WITH ORDINALITY q (submission, at) "
                               "JOIN intake.submission s ON s.submission = q.submission "
                               "JOIN registry.unit u ON u.unit = s.subject ORDER BY q.at";

static const char renew_sql[] =
    "WITH work AS ("
    "    UPDATE intake.work SET lease_until = now() + $3 * interval '1 second' "
    "    WHERE submission = ANY ($1::uuid[]) AND owner = $2 AND done_at IS NULL) "
    "UPDATE intake.submission SET lease_until = now() + $3 * interval '1 second' "
    "WHERE submission = ANY ($1::uuid[]) AND owner = $2 AND state IN ('received', 'checking')";

static const char release_sql[] =
    "WITH work AS ("
    "    UPDATE intake.work SET owner = NULL, lease_until = NULL "
    "    WHERE submission = ANY ($1::uuid[]) AND owner = $2 AND done_at IS NULL) "
    "UPDATE intake.submission SET owner = NULL, lease_until = NULL, state = 'received' "
    "WHERE submission = ANY ($1::uuid[]) AND owner = $2 AND state IN ('received', 'checking')";

/*
 * Both tables: away for a while, longer each time. What was given back so often was alone; that
 * others were concluded since the last time says that not everybody fails so.
 */
#define PUT_OFF                                                                 \
    "owner = NULL, given_back = r.given_back + 1, given_back_at = head.index,"  \
    " lease_until = now() + least(0.2 * power(2, least(r.given_back, 10)), 30)" \
    "                       * interval '1 second',"                             \
    " attempts = r.attempts + (r.given_back >= $3 AND head.index > r.given_back_at)::integer "

static const char put_off_sql[] =
    "WITH work AS ("
    "    UPDATE intake.work r SET " PUT_OFF "FROM intake.log_head head "
    "    WHERE r.submission = ANY ($1::uuid[]) AND r.owner = $2 AND r.done_at IS NULL) "
    "UPDATE intake.submission r SET state = 'received', " PUT_OFF "FROM intake.log_head head "
    "WHERE r.submission = ANY ($1::uuid[]) AND r.owner = $2 AND r.state IN ('received', "
    "'checking')";

static const char count_submission_sql[] =
    "UPDATE intake.submission SET attempts = attempts + 1, owner = NULL, lease_until = NULL "
    "WHERE submission = $1 AND state IN ('received', 'checking') RETURNING attempts";

static const char count_work_sql[] =
    "UPDATE intake.work SET attempts = attempts + 1, owner = NULL, lease_until = NULL "
    "WHERE work = $1 AND done_at IS NULL RETURNING attempts";

static const char abandon_submission_sql[] =
    "UPDATE intake.submission SET state = 'parked', owner = NULL, lease_until = NULL "
    "WHERE submission = $1 AND state IN ('received', 'checking')";

static const char abandon_work_sql[] =
    "UPDATE intake.work SET done_at = now(), owner = NULL, lease_until = NULL "
    "WHERE work = $1 AND done_at IS NULL";

static const char backlog_sql[] =
    "SELECT count(*) FROM intake.submission WHERE state IN ('received', 'checking')";

/* What queue_take has so far. */
struct taking {
    struct store            *store;
    struct arena            *arena;
    const struct queue_wish *wish;
    struct queued           *items;
    size_t                   count;
    uint64_t                 size; /* of the documents */
};

static void
read_row(const struct store_rows *rows, size_t row, struct queued *out)
{
    struct str sha256 = store_text(rows, row, COLUMN_SHA256);

    *out = (struct queued){
        .id = store_uuid(rows, row, COLUMN_ID),
        .attempts = (int)store_number(rows, row, COLUMN_ATTEMPTS),
        .n = (int)store_number(rows, row, COLUMN_N),
        .decided_n = (int)store_number(rows, row, COLUMN_DECIDED_N),
        .subject = store_number(rows, row, COLUMN_SUBJECT),
        .credential = store_number(rows, row, COLUMN_CREDENTIAL),
        .size = (uint64_t)store_number(rows, row, COLUMN_SIZE),
        .first_byte = store_instant(rows, row, COLUMN_FIRST_BYTE),
        .arrived = store_instant(rows, row, COLUMN_ARRIVED),
        .follows = store_uuid(rows, row, COLUMN_FOLLOWS),
        .first_arrived = store_instant(rows, row, COLUMN_FIRST_ARRIVED),
        .subject_name = store_text(rows, row, COLUMN_NAME),
        .subject_regon = store_text(rows, row, COLUMN_REGON),
        .strict = store_truth(rows, row, COLUMN_STRICT),
        .objection = {store_text(rows, row, COLUMN_OBJECTION),
                      store_text(rows, row, COLUMN_OBJECTION_REASON)},
    };
    ENSURE(sha256.size == FINGERPRINT_SIZE);
    memcpy(out->sha256, sha256.data, FINGERPRINT_SIZE);
}

/* The document, looked at before it is believed: a disk forgets, and a wrong byte would be judged
 * as the sender's. */
static enum err
read_document(struct arena *arena, const struct store_rows *rows, size_t row, struct queued *out,
              struct fault *fault)
{
    const struct packed packed = {.bytes = store_text(rows, row, COLUMN_BYTES),
                                  .encoding = store_text(rows, row, COLUMN_ENCODING),
                                  .size = out->size};
    unsigned char       sha256[FINGERPRINT_SIZE];

    TRY(packing_unpack(arena, &packed, &out->bytes, &out->damaged, fault));
    TRY(fingerprint_of(out->bytes, sha256, fault));
    if (!fingerprint_equal(sha256, out->sha256)) {
        out->damaged = true;
        out->bytes = (struct str){0};
    }
    return ERR_OK;
}

static enum err
take(struct taking *taking, const char *sql, size_t count_max, struct fault *fault)
{
    const struct queue_wish *wish = taking->wish;
    struct store_rows        rows = {0};
    struct store_parameters  parameters = store_parameters_create(taking->arena);

    store_put_text(&parameters, wish->lease.owner);
    store_put_integer(&parameters, wish->lease.seconds);
    store_put_number(&parameters, (int64_t)count_max);
    store_put_number(&parameters, (int64_t)(wish->bytes_max - taking->size));
    store_put_truth(&parameters, taking->count > 0);
    store_put_truth(&parameters, wish->alone);
    store_put_truth(&parameters, wish->reborn);
    store_put_integer(&parameters, QUEUE_GIVEN_BACK_MAX);
    TRY(store_run(taking->store, sql, &parameters, taking->arena, &rows, fault));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        struct queued *queued = &taking->items[taking->count];
        read_row(&rows, i, queued);
        queued->work = store_number(&rows, i, COLUMN_WORK);
        queued->cause = store_text(&rows, i, COLUMN_CAUSE);
        queued->given_back = (int)store_number(&rows, i, COLUMN_GIVEN_BACK);
        TRY(read_document(taking->arena, &rows, i, queued, fault));
        taking->size += queued->size;
        taking->count++;
    }
    return ERR_OK;
}

static bool
was_tried(const struct queued *queued)
{
    return queued->attempts > 0 || queued->given_back >= QUEUE_GIVEN_BACK_MAX;
}

/* Whether more may come to what was taken. */
static bool
has_room(const struct taking *taking)
{
    bool alone = taking->count > 0 && was_tried(&taking->items[0]);

    return !alone && taking->count < taking->wish->count_max
           && taking->size < taking->wish->bytes_max;
}

enum err
queue_take(struct store *store, struct arena *arena, const struct queue_wish *wish,
           struct queued **out, size_t *count, struct fault *fault)
{
    struct taking taking = {.store = store, .arena = arena, .wish = wish};

    ENSURE(wish->count_max >= 1 && wish->count_max <= QUEUE_TAKE_MAX && wish->bytes_max >= 1);
    taking.items = ARENA_NEW(arena, struct queued, wish->count_max);
    if (taking.items == NULL) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu documents", wish->count_max);
    }
    size_t work_max = wish->count_max < WORK_PART ? 1 : wish->count_max / WORK_PART;
    TRY(take(&taking, take_work_sql, work_max, fault));
    if (has_room(&taking)) {
        TRY(take(&taking, take_submissions_sql, wish->count_max - taking.count, fault));
    }
    *out = taking.items;
    *count = taking.count;
    return ERR_OK;
}

enum err
queue_look(struct store *store, struct arena *arena, const struct uuid *ids, size_t count,
           struct queued *out, struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuids(&parameters, ids, count);
    TRY(store_run(store, look_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) != count) {
        return FAIL(fault, ERR_STORE, "of %zu submissions %zu are in the store", count,
                    store_row_count(&rows));
    }
    for (size_t i = 0; i < count; i++) {
        read_row(&rows, i, &out[i]);
    }
    return ERR_OK;
}

enum err
queue_renew(struct store *store, struct arena *arena, const struct uuid *ids, size_t count,
            const struct lease *lease, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuids(&parameters, ids, count);
    store_put_text(&parameters, lease->owner);
    store_put_integer(&parameters, lease->seconds);
    return store_run(store, renew_sql, &parameters, arena, NULL, fault);
}

enum err
queue_count_attempt(struct store *store, struct arena *arena, struct uuid id, int64_t work,
                    int *attempts, struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(arena);

    if (work == 0) {
        store_put_uuid(&parameters, id);
        TRY(store_run(store, count_submission_sql, &parameters, arena, &rows, fault));
    } else {
        store_put_number(&parameters, work);
        TRY(store_run(store, count_work_sql, &parameters, arena, &rows, fault));
    }
    *attempts = store_row_count(&rows) == 0 ? 0 : (int)store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
queue_abandon(struct store *store, struct arena *arena, struct uuid id, int64_t work,
              struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    if (work == 0) {
        store_put_uuid(&parameters, id);
        return store_run(store, abandon_submission_sql, &parameters, arena, NULL, fault);
    }
    store_put_number(&parameters, work);
    return store_run(store, abandon_work_sql, &parameters, arena, NULL, fault);
}

enum err
queue_release(struct store *store, struct arena *arena, const struct uuid *ids, size_t count,
              struct str owner, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuids(&parameters, ids, count);
    store_put_text(&parameters, owner);
    return store_run(store, release_sql, &parameters, arena, NULL, fault);
}

enum err
queue_put_off(struct store *store, struct arena *arena, const struct uuid *ids, size_t count,
              struct str owner, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuids(&parameters, ids, count);
    store_put_text(&parameters, owner);
    store_put_integer(&parameters, QUEUE_GIVEN_BACK_MAX);
    return store_run(store, put_off_sql, &parameters, arena, NULL, fault);
}

enum err
queue_backlog(struct store *store, struct arena *arena, int64_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, backlog_sql, NULL, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}
