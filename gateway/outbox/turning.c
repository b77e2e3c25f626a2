#include "gateway/outbox/turning.h"

static const char take_sql[] =
    "WITH taken AS (UPDATE courier.set_notice n SET told_at = now()"
    "  WHERE n.person = $1 AND " TURNING_RIPE(
        "n") " RETURNING n.set, n.since) "
             "SELECT r.unit_name, r.form_title, r.period, r.is_open, r.state, count(*) OVER () "
             "FROM taken t CROSS JOIN LATERAL courier.turned_of(t.set, t.since, $1) r "
             "ORDER BY r.is_open DESC, r.period, r.unit_name, r.form_title, t.set LIMIT $2";

enum err
turning_spread(struct store *store, struct arena *arena, bool letters, int64_t count_max,
               int64_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, count_max);
    store_put_truth(&parameters, letters);
    TRY(store_run(store, "SELECT courier.spread_sets($1, $2)", &parameters, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
turning_take(struct store *store, struct arena *arena, struct uuid person, int64_t count_max,
             struct turnings *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    store_put_number(&parameters, count_max);
    TRY(store_run(store, take_sql, &parameters, arena, &rows, fault));
    size_t          found = store_row_count(&rows);
    struct turning *list = ARENA_NEW(arena, struct turning, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports of sets", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct turning){.unit = store_text(&rows, i, 0),
                                   .form = store_text(&rows, i, 1),
                                   .period = store_text(&rows, i, 2),
                                   .open = store_truth(&rows, i, 3),
                                   .state = store_text(&rows, i, 4)};
    }
    *out = (struct turnings){list, found, found == 0 ? 0 : store_number(&rows, 0, 5)};
    return ERR_OK;
}
