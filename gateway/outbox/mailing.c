#include "gateway/outbox/mailing.h"

#define CLAIM_IN(order)                                                                        \
    "WITH picked AS MATERIALIZED ("                                                            \
    "  SELECT l.letter FROM courier.letter l WHERE l.state = 'waiting' AND l.next_at <= now()" \
    "  ORDER BY " order ", l.next_at, l.letter LIMIT $1 FOR UPDATE SKIP LOCKED) "              \
    "UPDATE courier.letter l SET next_at = now() + $2 * interval '1 second',"                  \
    " leased_until = now() + $2 * interval '1 second' "                                        \
    "FROM picked p WHERE l.letter = p.letter "                                                 \
    "RETURNING l.letter, l.kind, l.email, l.name, l.subject, l.body, l.link IS NOT NULL, "     \
    "l.made_at,"                                                                               \
    " l.attempts"

static const char claim_sql[] = CLAIM_IN("l.link IS NULL");
static const char claim_in_turn_sql[] = CLAIM_IN("l.attempts");

/* An attempt whose lease is over may be recorded twice; the letter moves once. */
static const char record_sql[] =
    "UPDATE courier.letter l SET state = $2, attempts = l.attempts + $3, status = $4, outcome = $5,"
    " next_at = now() + $6 * interval '1 millisecond', leased_until = NULL,"
    " ended_at = CASE WHEN $2 = 'waiting' THEN NULL ELSE now() END "
    "WHERE l.letter = $1 AND l.state = 'waiting' AND l.attempts = $7";

static const char drop_stale_sql[] =
    "WITH dropped AS (UPDATE courier.letter l SET state = 'dropped', ended_at = now(),"
    "  outcome = 'przypomnienie straciło aktualność'"
    "  WHERE l.state = 'waiting' AND l.kind = 'digest' AND l.made_at < now() - interval '1 day'"
    "    AND coalesce(l.leased_until <= now(), true) RETURNING 1) "
    "SELECT count(*) FROM dropped";

static const char backlog_sql[] =
    "SELECT count(*), coalesce(extract(epoch FROM now() - min(l.made_at)), 0)::bigint "
    "FROM courier.letter l WHERE l.state = 'waiting'";

static const char forget_sql[] =
    "WITH letters AS (DELETE FROM courier.letter WHERE state <> 'waiting'"
    "  AND ended_at < now() - $1 * interval '1 day'), "
    "notices AS (DELETE FROM courier.notice WHERE told_at < now() - $1 * interval '1 day'), "
    "agendas AS (DELETE FROM courier.agenda WHERE told_at < now() - $1 * interval '1 day'), "
    "answers AS (DELETE FROM courier.answer_notice WHERE told_at < now() - $1 * interval '1 day'), "
    "turnings AS (DELETE FROM courier.set_notice WHERE told_at < now() - $1 * interval '1 day'), "
    "rounds AS (DELETE FROM courier.round WHERE done_at < now() - $1 * interval '1 day') "
    "SELECT courier.forget_links()";

enum { PAUSE_FIRST_MS = 5 * 60 * 1000, PAUSE_MAX_MS = 8 * 60 * 60 * 1000 };

int64_t
mailing_pause_ms(int attempts)
{
    int64_t pause = PAUSE_FIRST_MS;

    for (int i = 1; i < attempts && pause < PAUSE_MAX_MS; i++) {
        pause *= 2;
    }
    return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

enum err
mailing_claim(struct store *store, struct arena *arena, const struct mailing_wish *wish,
              struct mailing **out, size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, wish->count_max);
    store_put_number(&parameters, MAILING_LEASE_SECONDS);
    TRY(store_run(store, wish->in_turn ? claim_in_turn_sql : claim_sql, &parameters, arena, &rows,
                  fault));
    size_t          found = store_row_count(&rows);
    struct mailing *list = ARENA_NEW(arena, struct mailing, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu letters", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct mailing){.letter = store_uuid(&rows, i, 0),
                                   .kind = store_text(&rows, i, 1),
                                   .email = store_text(&rows, i, 2),
                                   .name = store_text(&rows, i, 3),
                                   .subject = store_text(&rows, i, 4),
                                   .body = store_text(&rows, i, 5),
                                   .has_link = store_truth(&rows, i, 6),
                                   .made = store_instant(&rows, i, 7),
                                   .attempts = (int)store_number(&rows, i, 8)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

static struct str
state_after(const struct mailing *mailing, const struct mailing_attempt *attempt)
{
    static const struct str states[] = {
        [MAILING_SENT] = STR_INIT("sent"),       [MAILING_LATER] = STR_INIT("waiting"),
        [MAILING_WAITS] = STR_INIT("waiting"),   [MAILING_REFUSED] = STR_INIT("refused"),
        [MAILING_DROPPED] = STR_INIT("dropped"),
    };
    bool last = attempt->end == MAILING_LATER && mailing->attempts + 1 >= MAILING_ATTEMPTS_MAX;

    return last ? states[MAILING_REFUSED] : states[attempt->end];
}

enum err
mailing_record(struct store *store, struct arena *arena, const struct mailing *mailing,
               const struct mailing_attempt *attempt, bool *over, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct str              state = state_after(mailing, attempt);

    store_put_uuid(&parameters, mailing->letter);
    store_put_text(&parameters, state);
    store_put_integer(&parameters, attempt->end == MAILING_WAITS ? 0 : 1);
    store_put_integer(&parameters, attempt->status);
    store_put_text(&parameters, attempt->outcome);
    store_put_number(&parameters, attempt->pause_ms);
    store_put_integer(&parameters, mailing->attempts);
    TRY(store_run(store, record_sql, &parameters, arena, NULL, fault));
    *over = str_equal(state, STR("refused"));
    return ERR_OK;
}

enum err
mailing_open_link(struct store *store, struct arena *arena, struct uuid letter, struct str digest,
                  struct mailing_link *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, letter);
    store_put_bytes(&parameters, digest);
    TRY(store_run(store,
                  "SELECT l.title, l.place, l.giver, l.until FROM courier.open_link($1, $2) l",
                  &parameters, arena, &rows, fault));
    *out = (struct mailing_link){.open = store_row_count(&rows) > 0};
    if (out->open) {
        out->title = store_text(&rows, 0, 0);
        out->place = store_text(&rows, 0, 1);
        out->giver = store_text(&rows, 0, 2);
        out->until = store_instant(&rows, 0, 3);
    }
    return ERR_OK;
}

enum err
mailing_drop_stale(struct store *store, struct arena *arena, int64_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, drop_stale_sql, NULL, arena, &rows, fault));
    *count = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
mailing_backlog(struct store *store, struct arena *arena, int64_t *waiting, int64_t *oldest_seconds,
                struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, backlog_sql, NULL, arena, &rows, fault));
    *waiting = store_number(&rows, 0, 0);
    *oldest_seconds = store_number(&rows, 0, 1);
    return ERR_OK;
}

enum err
mailing_forget(struct store *store, struct arena *arena, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, MAILING_KEPT_DAYS);
    return store_run(store, forget_sql, &parameters, arena, NULL, fault);
}
