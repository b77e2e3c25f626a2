#include "gateway/outbox/notice.h"

#include "gateway/outbox/turning.h"

enum { ENDPOINTS_MAX = 20 };

static const char write_sql[] =
    "INSERT INTO courier.letter (kind, person, email, name, subject, body, state, ended_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN 'omitted' ELSE 'waiting' END,"
    " CASE WHEN $7 THEN now() END) ON CONFLICT DO NOTHING";

static const char open_sql[] =
    "INSERT INTO courier.round (day) SELECT registry.today() FROM registry.setting s "
    "WHERE extract(hour FROM (now() + s.clock_offset) AT TIME ZONE 'Europe/Warsaw') >= $1 "
    "ON CONFLICT DO NOTHING";

static const char take_sql[] =
    "SELECT r.day, r.after FROM courier.round r "
    "WHERE r.day = registry.today() AND r.done_at IS NULL FOR UPDATE SKIP LOCKED";

static const char duties_sql[] =
    "SELECT d.unit_name, d.form_title, d.period, d.due_on, d.internal_on, d.is_late,"
    " coalesce(d.last_verdict, -1)::integer, d.pending, d.late, d.soon, d.news "
    "FROM courier.digest_duties($1, $2) WITH ORDINALITY d (unit, unit_name, form_title, period,"
    " due_on, internal_on, is_late, last_verdict, pending, late, soon, news, place) ORDER BY place";

static const char result_people_sql[] =
    "SELECT n.person FROM ("
    "  SELECT r.person, r.noted_at FROM courier.notice r WHERE r.told_at IS NULL"
    "  UNION ALL"
    "  SELECT a.person, a.noted_at FROM courier.answer_notice a WHERE a.told_at IS NULL"
    "  UNION ALL"
    "  SELECT s.person, s.noted_at FROM courier.set_notice s WHERE " TURNING_RIPE(
        "s") ") n "
             "GROUP BY n.person HAVING min(n.noted_at) <= now() - $1 * interval '1 minute' "
             "ORDER BY min(n.noted_at), n.person LIMIT $2";

static const char take_results_sql[] =
    "WITH taken AS (UPDATE courier.notice n SET told_at = now()"
    "  WHERE n.person = $1 AND n.told_at IS NULL RETURNING n.notice, n.submission, n.n) "
    "SELECT r.unit_name, r.form_title, r.period, r.verdict, count(*) OVER () "
    "FROM taken t CROSS JOIN LATERAL courier.results_of(t.submission, t.n, $1) r "
    "ORDER BY r.arrived, t.notice, r.unit_name, r.form_title LIMIT $2";

static const char take_endpoints_sql[] =
    "WITH taken AS (UPDATE courier.endpoint e SET told_at = now() WHERE e.endpoint IN ("
    "    SELECT f.endpoint FROM courier.endpoint f"
    "    WHERE f.disabled_at IS NOT NULL AND f.removed_at IS NULL"
    "      AND (f.told_at IS NULL OR f.told_at < f.disabled_at)"
    "      AND EXISTS (SELECT FROM courier.keepers_of(f.endpoint))"
    "    ORDER BY f.endpoint LIMIT $1 FOR UPDATE SKIP LOCKED)"
    "  RETURNING e.endpoint, e.label, e.reason) "
    "SELECT t.endpoint, t.label, t.reason, k.unit_name, k.person "
    "FROM taken t CROSS JOIN LATERAL courier.keepers_of(t.endpoint) k ORDER BY 1, 5";

enum err
notice_reader_of(struct store *store, struct arena *arena, const struct notice_wish *wish,
                 struct notice_reader *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, wish->person);
    store_put_text(&parameters, wish->kind);
    store_put_integer(&parameters, (int32_t)wish->day_max);
    TRY(store_run(store,
                  "SELECT r.person, r.email, r.name, r.room"
                  " FROM courier.readers(ARRAY[$1], $2, $3) r",
                  &parameters, arena, &rows, fault));
    *out = (struct notice_reader){.wants = store_row_count(&rows) > 0};
    if (out->wants) {
        out->person = store_uuid(&rows, 0, 0);
        out->email = store_text(&rows, 0, 1);
        out->name = store_text(&rows, 0, 2);
        out->room = store_number(&rows, 0, 3);
    }
    return ERR_OK;
}

enum err
notice_write(struct store *store, struct arena *arena, const struct notice_reader *reader,
             struct str kind, const struct str text[2], struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_text(&parameters, kind);
    store_put_uuid(&parameters, reader->person);
    store_put_text(&parameters, reader->email);
    store_put_text(&parameters, reader->name);
    store_put_text(&parameters, text[0]);
    store_put_text(&parameters, text[1]);
    store_put_truth(&parameters, reader->room <= 0);
    return store_run(store, write_sql, &parameters, arena, NULL, fault);
}

enum err
notice_omitted(struct store *store, struct arena *arena, struct uuid person, int64_t *count,
               struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    TRY(store_run(store,
                  "SELECT count(*) FROM courier.letter l WHERE l.person = $1"
                  " AND l.state = 'omitted' AND l.told_at IS NULL AND l.day < registry.today()",
                  &parameters, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
notice_tell_omitted(struct store *store, struct arena *arena, struct uuid person,
                    struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuid(&parameters, person);
    return store_run(store,
                     "UPDATE courier.letter l SET told_at = now() WHERE l.person = $1"
                     " AND l.state = 'omitted' AND l.told_at IS NULL AND l.day < registry.today()",
                     &parameters, arena, NULL, fault);
}

enum err
notice_round_take(struct store *store, struct arena *arena, int64_t hour, struct notice_round *out,
                  bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, hour);
    TRY(store_run(store, open_sql, &parameters, arena, NULL, fault));
    TRY(store_run(store, take_sql, NULL, arena, &rows, fault));
    *found = store_row_count(&rows) > 0;
    if (*found) {
        *out = (struct notice_round){store_date(&rows, 0, 0), store_uuid(&rows, 0, 1)};
    }
    return ERR_OK;
}

/* The first column of each row. */
static enum err
read_people(struct arena *arena, const struct store_rows *rows, struct notice_people *out,
            struct fault *fault)
{
    size_t       found = store_row_count(rows);
    struct uuid *list = ARENA_NEW(arena, struct uuid, found + 1);

    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu people", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = store_uuid(rows, i, 0);
    }
    *out = (struct notice_people){list, found};
    return ERR_OK;
}

enum err
notice_round_people(struct store *store, struct arena *arena, struct uuid after, int64_t count_max,
                    struct notice_people *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, after);
    store_put_integer(&parameters, (int32_t)count_max);
    TRY(store_run(store, "SELECT p.person FROM courier.digest_people($1, $2) p ORDER BY 1",
                  &parameters, arena, &rows, fault));
    return read_people(arena, &rows, out, fault);
}

enum err
notice_round_move(struct store *store, struct arena *arena, const struct notice_round *round,
                  bool done, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_date(&parameters, round->day);
    store_put_uuid(&parameters, round->after);
    store_put_truth(&parameters, done);
    return store_run(store,
                     "UPDATE courier.round r SET after = $2, done_at = CASE WHEN $3 THEN now() END"
                     " WHERE r.day = $1",
                     &parameters, arena, NULL, fault);
}

enum err
notice_duties_of(struct store *store, struct arena *arena, struct uuid person, int64_t count_max,
                 struct notice_duties *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    store_put_integer(&parameters, (int32_t)count_max);
    TRY(store_run(store, duties_sql, &parameters, arena, &rows, fault));
    size_t              found = store_row_count(&rows);
    struct notice_duty *list = ARENA_NEW(arena, struct notice_duty, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu duties", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct notice_duty){.unit = store_text(&rows, i, 0),
                                       .form = store_text(&rows, i, 1),
                                       .period = store_text(&rows, i, 2),
                                       .due = store_date(&rows, i, 3),
                                       .internal = store_date(&rows, i, 4),
                                       .late = store_truth(&rows, i, 5),
                                       .last_verdict = (int)store_number(&rows, i, 6),
                                       .pending = store_truth(&rows, i, 7)};
    }
    *out = (struct notice_duties){.items = list, .count = found};
    if (found > 0) {
        out->late = store_number(&rows, 0, 8);
        out->soon = store_number(&rows, 0, 9);
        out->news = store_truth(&rows, 0, 10);
    }
    return ERR_OK;
}

enum err
notice_result_people(struct store *store, struct arena *arena, int64_t minutes, int64_t count_max,
                     struct notice_people *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, minutes);
    store_put_number(&parameters, count_max);
    TRY(store_run(store, result_people_sql, &parameters, arena, &rows, fault));
    return read_people(arena, &rows, out, fault);
}

enum err
notice_take_results(struct store *store, struct arena *arena, struct uuid person, int64_t count_max,
                    struct notice_results *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    store_put_number(&parameters, count_max);
    TRY(store_run(store, take_results_sql, &parameters, arena, &rows, fault));
    size_t                found = store_row_count(&rows);
    struct notice_result *list = ARENA_NEW(arena, struct notice_result, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu results", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct notice_result){.unit = store_text(&rows, i, 0),
                                         .form = store_text(&rows, i, 1),
                                         .period = store_text(&rows, i, 2),
                                         .verdict = (int)store_number(&rows, i, 3)};
    }
    *out = (struct notice_results){list, found, found == 0 ? 0 : store_number(&rows, 0, 4)};
    return ERR_OK;
}

enum err
notice_take_endpoints(struct store *store, struct arena *arena, struct notice_endpoint **out,
                      size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, ENDPOINTS_MAX);
    TRY(store_run(store, take_endpoints_sql, &parameters, arena, &rows, fault));
    size_t                  found = store_row_count(&rows);
    struct notice_endpoint *list = ARENA_NEW(arena, struct notice_endpoint, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu receivers", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct notice_endpoint){.endpoint = store_number(&rows, i, 0),
                                           .label = store_text(&rows, i, 1),
                                           .reason = store_text(&rows, i, 2),
                                           .unit = store_text(&rows, i, 3),
                                           .person = store_uuid(&rows, i, 4)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}
