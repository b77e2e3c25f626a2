#include "gateway/outbox/stamping.h"

static const char claim_sql[] =
    "WITH due AS MATERIALIZED ("
    "  SELECT s.number FROM courier.stamping s WHERE s.next_at <= now()"
    "  ORDER BY s.next_at LIMIT $1 FOR UPDATE SKIP LOCKED) "
    "UPDATE courier.stamping s SET next_at = now() + $2 * interval '1 second' "
    "FROM due d JOIN intake.receipt r ON r.number = d.number WHERE s.number = d.number "
    "RETURNING s.number, r.bytes, s.attempts";

static const char keep_sql[] =
    "WITH kept AS ("
    "  INSERT INTO intake.receipt_stamped (number, bytes, sha256, stamped_at)"
    "  VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO NOTHING) "
    "DELETE FROM courier.stamping WHERE number = $1";

static const char postpone_sql[] =
    "UPDATE courier.stamping SET attempts = attempts + 1,"
    " next_at = now() + $2 * interval '1 millisecond' WHERE number = $1";

static const char backlog_sql[] = "SELECT count(*) FROM courier.stamping";

enum err
stamping_claim(struct store *store, struct arena *arena, int64_t count_max, struct stamping **out,
               size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, count_max);
    store_put_number(&parameters, STAMPING_LEASE_SECONDS);
    TRY(store_run(store, claim_sql, &parameters, arena, &rows, fault));
    size_t           found = store_row_count(&rows);
    struct stamping *list = ARENA_NEW(arena, struct stamping, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu receipts to stamp", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct stamping){.number = store_text(&rows, i, 0),
                                    .receipt = store_text(&rows, i, 1),
                                    .attempts = (int)store_number(&rows, i, 2)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

enum err
stamping_keep(struct store *store, struct arena *arena, struct str number,
              const struct stamping_form *form, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_text(&parameters, number);
    store_put_bytes(&parameters, form->bytes);
    store_put_bytes(&parameters, form->sha256);
    store_put_instant(&parameters, form->at);
    return store_run(store, keep_sql, &parameters, arena, NULL, fault);
}

enum err
stamping_postpone(struct store *store, struct arena *arena, struct str number, int64_t pause_ms,
                  struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_text(&parameters, number);
    store_put_number(&parameters, pause_ms);
    return store_run(store, postpone_sql, &parameters, arena, NULL, fault);
}

enum err
stamping_backlog(struct store *store, struct arena *arena, int64_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, backlog_sql, NULL, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}
