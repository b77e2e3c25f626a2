#include "gateway/outbox/agenda.h"

static const char take_sql[] =
    "WITH taken AS (UPDATE courier.agenda d SET told_at = now()"
    "  WHERE d.person = $1 AND d.told_at IS NULL RETURNING d.submission, d.n), "
    "alike AS ("
    "  SELECT r.code, r.form_title, r.period, r.unit_name, r.until,"
    "    (min(r.arrived) AT TIME ZONE 'Europe/Warsaw')::date AS arrived_on,"
    "    min(r.arrived) AS arrived, count(*) AS times"
    "  FROM taken t CROSS JOIN LATERAL courier.agenda_of(t.submission, t.n, $1) r"
    "  GROUP BY r.code, r.form_title, r.period, r.unit_name, r.until) "
    "SELECT a.code, a.form_title, a.period, a.unit_name, a.until, a.arrived_on, a.times,"
    "  coalesce(sum(a.times) FILTER (WHERE a.code <> '') OVER (), 0)::bigint,"
    "  coalesce(sum(a.times) FILTER (WHERE a.code = '') OVER (), 0)::bigint, count(*) OVER () "
    "FROM alike a ORDER BY a.code = '', a.code, a.arrived, a.unit_name, a.form_title LIMIT $2";

enum err
agenda_take(struct store *store, struct arena *arena, struct uuid person, int64_t count_max,
            struct agenda *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    store_put_number(&parameters, count_max);
    TRY(store_run(store, take_sql, &parameters, arena, &rows, fault));
    size_t              found = store_row_count(&rows);
    struct agenda_item *list = ARENA_NEW(arena, struct agenda_item, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "an agenda of %zu lines", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct agenda_item){.code = store_text(&rows, i, 0),
                                       .form = store_text(&rows, i, 1),
                                       .period = store_text(&rows, i, 2),
                                       .unit = store_text(&rows, i, 3),
                                       .until = store_date(&rows, i, 4),
                                       .arrived = store_date(&rows, i, 5),
                                       .times = store_number(&rows, i, 6)};
    }
    *out = (struct agenda){.items = list, .count = found};
    if (found > 0) {
        out->objections = store_number(&rows, 0, 7);
        out->corrections = store_number(&rows, 0, 8);
        out->lines = store_number(&rows, 0, 9);
    }
    return ERR_OK;
}
