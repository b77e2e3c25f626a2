#include "gateway/outbox/mail_log.h"

enum err
mail_log_sums(struct store *store, struct arena *arena, struct mail_log_sum **out, size_t *count,
              struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store,
                  "SELECT l.state, l.kind, count(*),"
                  " coalesce(extract(epoch FROM now() - min(l.made_at)), 0)::bigint"
                  " FROM courier.letter l GROUP BY l.state, l.kind"
                  " ORDER BY l.state <> 'waiting', l.state, l.kind",
                  NULL, arena, &rows, fault));
    size_t               found = store_row_count(&rows);
    struct mail_log_sum *list = ARENA_NEW(arena, struct mail_log_sum, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sums", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct mail_log_sum){store_text(&rows, i, 0), store_text(&rows, i, 1),
                                        store_number(&rows, i, 2), store_number(&rows, i, 3)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

enum err
mail_log_list(struct store *store, struct arena *arena, struct mail_log_line **out, size_t *count,
              struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, MAIL_LOG_LINES_MAX);
    TRY(store_run(store,
                  "SELECT l.made_at, l.kind, l.email, l.state, l.attempts, l.status, l.outcome,"
                  " CASE WHEN l.state = 'waiting' THEN l.next_at END"
                  " FROM courier.letter l ORDER BY l.made_at DESC, l.letter LIMIT $1",
                  &parameters, arena, &rows, fault));
    size_t                found = store_row_count(&rows);
    struct mail_log_line *list = ARENA_NEW(arena, struct mail_log_line, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu letters", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct mail_log_line){.made = store_instant(&rows, i, 0),
                                         .kind = store_text(&rows, i, 1),
                                         .email = store_text(&rows, i, 2),
                                         .state = store_text(&rows, i, 3),
                                         .attempts = store_number(&rows, i, 4),
                                         .status = store_number(&rows, i, 5),
                                         .outcome = store_text(&rows, i, 6),
                                         .next = store_instant(&rows, i, 7)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

enum err
mail_log_retry(struct store *store, struct arena *arena, int64_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store,
                  "WITH due AS (UPDATE courier.letter l SET next_at = now(), state = 'waiting',"
                  "  ended_at = NULL, attempts = CASE l.state WHEN 'waiting' THEN l.attempts"
                  "    ELSE 0 END"
                  "  WHERE (l.state = 'waiting' AND coalesce(l.leased_until <= now(), true))"
                  "    OR (l.state = 'refused'"
                  "    AND (l.kind IN ('invitation', 'restoration')"
                  "         OR l.made_at > now() - interval '1 day')) RETURNING 1)"
                  " SELECT count(*) FROM due",
                  NULL, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
mail_log_test(struct store *store, struct arena *arena, struct str email, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_text(&parameters, email);
    return store_run(store,
                     "INSERT INTO courier.letter (kind, email, name) VALUES ('test', $1, '')",
                     &parameters, arena, NULL, fault);
}

static enum err
change(struct store *store, struct arena *arena, const char *sql, const struct str words[2],
       bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, words[0]);
    store_put_text(&parameters, words[1]);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    *found = store_number(&rows, 0, 0) > 0;
    return ERR_OK;
}

enum err
mail_log_mute(struct store *store, struct arena *arena, struct str email, struct str kind,
              bool *found, struct fault *fault)
{
    const struct str words[2] = {email, kind};

    return change(store, arena,
                  "WITH person AS (SELECT p.person FROM people.person p WHERE p.email = lower($1)),"
                  " muted AS (INSERT INTO courier.mute (person, kind) SELECT p.person, $2"
                  "  FROM person p ON CONFLICT DO NOTHING) SELECT count(*) FROM person",
                  words, found, fault);
}

enum err
mail_log_unmute(struct store *store, struct arena *arena, struct str email, struct str kind,
                bool *found, struct fault *fault)
{
    const struct str words[2] = {email, kind};

    return change(store, arena,
                  "WITH person AS (SELECT p.person FROM people.person p WHERE p.email = lower($1)),"
                  " heard AS (DELETE FROM courier.mute m USING person p"
                  "  WHERE m.person = p.person AND m.kind = $2) SELECT count(*) FROM person",
                  words, found, fault);
}
