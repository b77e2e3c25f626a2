#include "gateway/outbox/answered.h"

static const char take_sql[] =
    "WITH taken AS (UPDATE courier.answer_notice n SET told_at = now()"
    "  WHERE n.person = $1 AND n.told_at IS NULL RETURNING n.answer) "
    "SELECT r.code, r.form_title, r.period, r.unit_name, r.outcome, r.remedy, count(*) OVER () "
    "FROM taken t CROSS JOIN LATERAL courier.answer_of(t.answer, $1) r "
    "ORDER BY r.code, r.period, r.unit_name, r.form_title, t.answer LIMIT $2";

enum err
answered_take(struct store *store, struct arena *arena, struct uuid person, int64_t count_max,
              struct answered_list *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    store_put_number(&parameters, count_max);
    TRY(store_run(store, take_sql, &parameters, arena, &rows, fault));
    size_t           found = store_row_count(&rows);
    struct answered *list = ARENA_NEW(arena, struct answered, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu answers", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct answered){.code = store_text(&rows, i, 0),
                                    .form = store_text(&rows, i, 1),
                                    .period = store_text(&rows, i, 2),
                                    .unit = store_text(&rows, i, 3),
                                    .outcome = store_text(&rows, i, 4),
                                    .remedy = store_text(&rows, i, 5)};
    }
    *out = (struct answered_list){list, found, found == 0 ? 0 : store_number(&rows, 0, 6)};
    return ERR_OK;
}
