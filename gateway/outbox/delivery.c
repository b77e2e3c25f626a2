#include "gateway/outbox/delivery.h"

enum { MILLISECONDS = 1000, MINUTE = 60, HOUR = 3600 };

/*
 * A message whose submission cannot be read is not taken: it waits until a right is mended. The
 * path of a unit costs a call each: only when there is somebody to be told. What is told is the
 * decision that the message names, not what the submission has become since; a withdrawal,
 * perhaps of what had none yet, is told as of its own time and has no receipt.
 */
static const char spread_sql[] =
    "WITH taken AS MATERIALIZED ("
    "  SELECT o.message, o.submission, o.n, o.created_at, s.subject, u.regon,"
    "    CASE o.kind WHEN 'submission.withdrawn' THEN s.withdrawn_at"
    "      WHEN 'submission.objection_answered' THEN o.created_at + g.clock_offset"
    "      ELSE d.decided_at END AS at,"
    "    CASE WHEN o.kind IN ('submission.parked', 'submission.withdrawn', 'submission.objected',"
    "      'submission.objection_answered')"
    "      THEN substr(o.kind, 12)"
    "      ELSE (ARRAY['undecided', 'accepted', 'awaiting_signatures', 'rejected'])"
    "        [d.verdict + 1] END AS state"
    "  FROM intake.outbox o JOIN intake.submission s ON s.submission = o.submission"
    "  JOIN registry.unit u ON u.unit = s.subject CROSS JOIN registry.setting g"
    "  LEFT JOIN intake.decision d ON d.submission = o.submission AND d.n = o.n"
    "  WHERE o.taken_at IS NULL AND (d.n IS NOT NULL OR o.kind = 'submission.withdrawn')"
    "  ORDER BY o.message LIMIT $1 FOR UPDATE OF o SKIP LOCKED), "
    "spread AS ("
    "  INSERT INTO courier.delivery (endpoint, webhook_id, type, body)"
    "  SELECT e.endpoint, 'msg_' || replace(gen_random_uuid()::text, '-', ''),"
    "    'submission.' || f.state,"
    "    format('{\"type\":\"submission.%s\",\"timestamp\":\"%s\",\"data\":{\"id\":\"%s\","
    "\"n\":%s,\"state\":\"%s\",\"unit\":\"%s\"%s}}',"
    "      f.state, to_char(f.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"
    "      f.submission, f.n, f.state, f.regon, CASE WHEN f.state <> 'withdrawn' THEN"
    "        format(',\"receipt\":\"/api/v1/submissions/%s/receipt?n=%s\"', f.submission, f.n)"
    "      END)"
    "  FROM taken f CROSS JOIN LATERAL unnest(courier.path_today(f.subject)) p (unit)"
    "  JOIN courier.endpoint e ON e.unit = p.unit"
    "  WHERE EXISTS (SELECT 1 FROM courier.endpoint e WHERE e.removed_at IS NULL)"
    "    AND e.removed_at IS NULL AND 'submission.' || f.state = ANY (e.events)"
    "  ORDER BY f.message RETURNING 1), "
    "stamps AS ("
    "  INSERT INTO courier.stamping (number)"
    "  SELECT r.number FROM taken t JOIN intake.receipt r"
    "    ON r.submission = t.submission AND r.n = t.n"
    "  WHERE $2 AND t.state NOT IN ('withdrawn', 'objection_answered') ON CONFLICT DO NOTHING), "
    "noted AS MATERIALIZED ("
    "  SELECT courier.note_results(t.submission, t.n)"
    "    + courier.note_agenda(t.submission, t.n) AS people FROM taken t"
    "  WHERE $3 AND t.state NOT IN ('parked', 'withdrawn', 'objected', 'objection_answered')"
    "  UNION ALL SELECT courier.note_answers(t.submission, t.created_at) FROM taken t"
    "  WHERE $3 AND t.state = 'objection_answered'), "
    "done AS ("
    "  UPDATE intake.outbox o SET taken_at = now() FROM taken t WHERE o.message = t.message"
    "  RETURNING 1) "
    "SELECT (SELECT count(*) FROM done), (SELECT count(*) FROM spread),"
    "  (SELECT coalesce(sum(people), 0)::bigint FROM noted)";

#define SECRET(place)                                                       \
    " (SELECT s.secret FROM courier.secret s WHERE s.endpoint = d.endpoint" \
    "  AND coalesce(s.expires_at > now(), true) ORDER BY s.since DESC OFFSET " place " LIMIT 1)"

static const char claim_sql[] =
    "WITH picked AS MATERIALIZED ("
    "  SELECT d.delivery, e.url FROM courier.endpoint e CROSS JOIN LATERAL ("
    "    SELECT d.delivery, d.next_at FROM courier.delivery d"
    "    WHERE d.endpoint = e.endpoint AND d.state = 'waiting' AND d.next_at <= now()"
    "    ORDER BY d.next_at, d.delivery LIMIT 1 FOR UPDATE SKIP LOCKED) d"
    "  WHERE e.removed_at IS NULL AND e.disabled_at IS NULL AND e.endpoint <> ALL ($2::bigint[])"
    "  ORDER BY d.next_at, d.delivery LIMIT $1) "
    "UPDATE courier.delivery d SET next_at = now() + $3 * interval '1 second' "
    "FROM picked p WHERE d.delivery = p.delivery "
    "RETURNING d.delivery, d.endpoint, d.webhook_id, d.body, p.url, d.attempts," SECRET(
        "0") "," SECRET("1");

/* An attempt whose lease is over may be recorded twice; the delivery moves once, and one that moved
 * nothing switches nothing off: the receiver was put to rights meanwhile. */
static const char record_sql[] =
    "WITH noted AS ("
    "  INSERT INTO courier.attempt (delivery, status, outcome, ms) VALUES ($1, $2, $3, $4)), "
    "moved AS ("
    "  UPDATE courier.delivery d SET attempts = d.attempts + 1, state = $5,"
    "    next_at = now() + $6 * interval '1 millisecond',"
    "    ended_at = CASE WHEN $5 = 'waiting' THEN NULL ELSE now() END"
    "  WHERE d.delivery = $1 AND d.state = 'waiting' AND d.attempts = $7 RETURNING 1), "
    "off AS ("
    "  UPDATE courier.endpoint e SET disabled_at = now(), reason = $8"
    "  WHERE e.endpoint = $9 AND $8 <> '' AND e.disabled_at IS NULL"
    "    AND EXISTS (SELECT FROM moved) RETURNING 1) "
    "SELECT (SELECT count(*) FROM off), (SELECT count(*) FROM moved)";

static const char repeat_sql[] =
    "UPDATE courier.delivery d SET state = 'waiting', attempts = 0, next_at = now(),"
    " ended_at = NULL FROM courier.endpoint e "
    "WHERE d.delivery = $1 AND e.endpoint = d.endpoint AND e.removed_at IS NULL RETURNING 1";

static const char list_sql[] =
    "SELECT d.delivery, d.type, d.state, a.at, coalesce(a.status, 0)::bigint,"
    "  coalesce(a.outcome, ''), CASE WHEN d.state = 'waiting' THEN d.next_at END "
    "FROM courier.delivery d LEFT JOIN courier.attempt a ON a.delivery = d.delivery "
    "WHERE d.endpoint = $1 ORDER BY d.delivery DESC, a.at DESC LIMIT $2";

static const char forget_sql[] = "WITH dead AS (DELETE FROM courier.secret s USING "
                                 "courier.endpoint e WHERE e.endpoint = s.endpoint"
                                 "  AND (s.expires_at <= now() OR e.removed_at IS NOT NULL)) "
                                 "DELETE FROM courier.delivery WHERE state <> 'waiting' "
                                 "AND ended_at < now() - $1 * interval '1 day'";

static const char publish_sql[] = "INSERT INTO courier.signing_key (public_key) VALUES ($1) "
                                  "ON CONFLICT DO NOTHING";

static const int pauses_s[] = {5,         5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
                               10 * HOUR, 14 * HOUR,  20 * HOUR,   24 * HOUR};

_Static_assert(ARRAY_COUNT(pauses_s) + 1 == DELIVERY_ATTEMPTS_MAX, "one pause between attempts");

int64_t
delivery_pause_ms(int attempts)
{
    size_t place = attempts < 1 ? 0 : (size_t)attempts - 1;

    return (int64_t)pauses_s[place < ARRAY_COUNT(pauses_s) ? place : ARRAY_COUNT(pauses_s) - 1]
           * MILLISECONDS;
}

enum err
delivery_spread(struct store *store, struct arena *arena, unsigned also, int64_t count_max,
                int64_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, count_max);
    store_put_truth(&parameters, (also & DELIVERY_WITH_STAMPS) != 0);
    store_put_truth(&parameters, (also & DELIVERY_WITH_LETTERS) != 0);
    TRY(store_run(store, spread_sql, &parameters, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
delivery_spread_duties(struct store *store, struct arena *arena, int64_t count_max, int64_t *count,
                       struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    TRY(store_run(store, "SELECT courier.sweep_duties()", NULL, arena, NULL, fault));
    store_put_number(&parameters, count_max);
    TRY(store_run(store, "SELECT courier.spread_duties($1)", &parameters, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
delivery_claim(struct store *store, struct arena *arena, const struct delivery_wish *wish,
               struct delivery **out, size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, wish->count_max);
    store_put_numbers(&parameters, wish->busy, wish->busy_count);
    store_put_number(&parameters, DELIVERY_LEASE_SECONDS);
    TRY(store_run(store, claim_sql, &parameters, arena, &rows, fault));
    size_t           found = store_row_count(&rows);
    struct delivery *list = ARENA_NEW(arena, struct delivery, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu deliveries", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct delivery){
            .delivery = store_number(&rows, i, 0),
            .endpoint = store_number(&rows, i, 1),
            .webhook_id = store_text(&rows, i, 2),
            .body = store_text(&rows, i, 3),
            .url = store_text(&rows, i, 4),
            .attempts = (int)store_number(&rows, i, 5),
            .secrets = {store_text(&rows, i, 6), store_text(&rows, i, 7)}
        };
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

static struct str
state_after(const struct delivery *delivery, const struct delivery_attempt *attempt)
{
    if (attempt->end == DELIVERY_DONE) {
        return STR("delivered");
    }
    bool over = attempt->end == DELIVERY_GONE || delivery->attempts + 1 >= DELIVERY_ATTEMPTS_MAX;
    return over ? STR("failed") : STR("waiting");
}

enum err
delivery_record(struct store *store, struct arena *arena, const struct delivery *delivery,
                const struct delivery_attempt *attempt, bool *disabled, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct str              state = state_after(delivery, attempt);
    bool                    failed = str_equal(state, STR("failed"));

    store_put_number(&parameters, delivery->delivery);
    store_put_integer(&parameters, attempt->status);
    store_put_text(&parameters, attempt->outcome);
    store_put_integer(&parameters, (int32_t)attempt->ms);
    store_put_text(&parameters, state);
    store_put_number(&parameters, attempt->pause_ms);
    store_put_integer(&parameters, delivery->attempts);
    store_put_text(&parameters, failed ? attempt->reason : STR(""));
    store_put_number(&parameters, delivery->endpoint);
    TRY(store_run(store, record_sql, &parameters, arena, &rows, fault));
    *disabled = store_number(&rows, 0, 0) > 0;
    return ERR_OK;
}

enum err
delivery_repeat(struct store *store, struct arena *arena, int64_t delivery, bool *found,
                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, delivery);
    TRY(store_run(store, repeat_sql, &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) == 1;
    return ERR_OK;
}

enum err
delivery_endpoint(struct store *store, struct arena *arena, int64_t delivery, int64_t *endpoint,
                  bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, delivery);
    TRY(store_run(store, "SELECT endpoint FROM courier.delivery WHERE delivery = $1", &parameters,
                  arena, &rows, fault));
    *found = store_row_count(&rows) == 1;
    *endpoint = *found ? store_number(&rows, 0, 0) : 0;
    return ERR_OK;
}

enum err
delivery_list(struct store *store, struct arena *arena, int64_t endpoint,
              struct delivery_line **out, size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, endpoint);
    store_put_number(&parameters, DELIVERY_LINES_MAX);
    TRY(store_run(store, list_sql, &parameters, arena, &rows, fault));
    size_t                found = store_row_count(&rows);
    struct delivery_line *list = ARENA_NEW(arena, struct delivery_line, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu deliveries", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct delivery_line){.delivery = store_number(&rows, i, 0),
                                         .type = store_text(&rows, i, 1),
                                         .state = store_text(&rows, i, 2),
                                         .at = store_instant(&rows, i, 3),
                                         .status = store_number(&rows, i, 4),
                                         .outcome = store_text(&rows, i, 5),
                                         .next = store_instant(&rows, i, 6)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

enum err
delivery_forget(struct store *store, struct arena *arena, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, DELIVERY_KEPT_DAYS);
    return store_run(store, forget_sql, &parameters, arena, NULL, fault);
}

enum err
delivery_publish_key(struct store *store, struct arena *arena, struct str public_key,
                     struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_text(&parameters, public_key);
    return store_run(store, publish_sql, &parameters, arena, NULL, fault);
}
