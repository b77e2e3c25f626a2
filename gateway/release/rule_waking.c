#include "gateway/release/rule_waking.h"

#include "gateway/failpoint/failpoint.h"

enum { SLICE = 1000 /* submissions, or sets, in one statement */ };

static const char open_sql[] = "SELECT switch, ordinal FROM intake.rule_waking"
                               " WHERE done_at IS NULL ORDER BY switch LIMIT 1";

static const char await_sql[] = "SELECT intake.await_conclusions()";

#define TAKE                                                                     \
    "SELECT w.code, k.scope IS NOT NULL, k.scope, w.since, k.arrived, k.ordinal" \
    " FROM intake.rule_waking k JOIN intake.rule_switch w USING (switch)"        \
    " WHERE k.switch = $1 AND done_at IS NULL FOR UPDATE OF k"
static const char take_sql[] = TAKE;
static const char take_free_sql[] = TAKE " SKIP LOCKED";

/*
 * Of the next rejected submissions those with a report whose errors all bear codes that are off for
 * it now, or were objected to, and one of them this code. What was cut off a list of findings may
 * have been another error; deciding such a report again does no harm. $1: code, $2, $3: data wpływu
 * and ordinal after which to look, $4: how many. Answers how many it set to work, and the last that
 * it looked at; no row: there were none.
 */
static const char wake_sql[] =
    "WITH slice AS MATERIALIZED ("
    "    SELECT s.submission, s.ordinal, s.arrived, s.decided_n, s.objection"
    "    FROM intake.submission s"
    "    WHERE s.state = 'decided' AND s.verdict = 3 AND (s.arrived, s.ordinal) > ($2, $3)"
    "    ORDER BY s.arrived, s.ordinal LIMIT $4), "
    "concerned AS ("
    "    SELECT DISTINCT s.submission FROM slice s "
    "    JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n "
    "    WHERE f.severity = 'error' AND NOT EXISTS ("
    "        SELECT FROM intake.work w"
    "        WHERE w.submission = s.submission AND w.done_at IS NULL)"
    "    GROUP BY s.submission, f.report"
    "    HAVING bool_or(f.code = $1)"
    "       AND bool_and(f.code = $1 OR f.code = ANY (string_to_array(s.objection, ','))"
    "                    OR coalesce((SELECT w.off FROM intake.rule_switch w"
    "                                 WHERE w.code = f.code AND w.since <= s.arrived"
    "                                 ORDER BY w.switch DESC LIMIT 1), false))), "
    "put AS (INSERT INTO intake.work (submission, cause)"
    "    SELECT submission, 'rule-switched' FROM concerned ORDER BY submission RETURNING 1) "
    "SELECT (SELECT count(*) FROM put), arrived, ordinal FROM slice "
    "ORDER BY arrived DESC, ordinal DESC LIMIT 1";

/* The same of sets: $1: the set after which to look, $2: scope, $3: since, $4: how many. Each
 * switch asks for itself: a row that is being worked off may not know of it. Times of rows are the
 * machine's, that of a switch is the gateway's. */
static const char wake_sets_sql[] =
    "WITH slice AS MATERIALIZED ("
    "    SELECT s.set FROM intake.report_set s WHERE s.set > $1 AND s.scope = $2 "
    "    ORDER BY s.set LIMIT $4), "
    "put AS ("
    "    INSERT INTO intake.set_work (set, cause, not_before) "
    "    SELECT s.set, 'rule-switched',"
    "        CASE WHEN $3 > now() + g.clock_offset THEN $3 - g.clock_offset END "
    "    FROM slice s CROSS JOIN registry.setting g ORDER BY s.set RETURNING 1) "
    "SELECT (SELECT count(*) FROM put), $3, max(set) FROM slice HAVING max(set) IS NOT NULL";

static const char advance_sql[] = "UPDATE intake.rule_waking"
                                  " SET found = found + $2, arrived = $3, ordinal = $4"
                                  " WHERE switch = $1";
static const char end_sql[] = "UPDATE intake.rule_waking SET done_at = now() WHERE switch = $1";
static const char found_sql[] = "SELECT found FROM intake.rule_waking WHERE switch = $1";

/* The oldest that is not done. */
struct waking {
    int64_t turned; /* 0: there is none */
    bool    begun;
};

static enum err
look(struct store *store, struct arena *arena, struct waking *out, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, open_sql, NULL, arena, &rows, fault));
    *out = (struct waking){0};
    if (store_row_count(&rows) > 0) {
        out->turned = store_number(&rows, 0, 0);
        out->begun = store_number(&rows, 0, 1) >= 0;
    }
    return ERR_OK;
}

static enum err
advance(struct store *store, struct arena *arena, int64_t turned, const struct store_rows *woken,
        struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, turned);
    if (store_row_count(woken) == 0) {
        return store_run(store, end_sql, &parameters, arena, NULL, fault);
    }
    store_put_number(&parameters, store_number(woken, 0, 0));
    store_put_instant(&parameters, store_instant(woken, 0, 1));
    store_put_number(&parameters, store_number(woken, 0, 2));
    return store_run(store, advance_sql, &parameters, arena, NULL, fault);
}

static enum err
wake_slice(struct store *store, struct arena *arena, const struct store_rows *mark,
           struct store_rows *woken, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    bool                    of_sets = store_truth(mark, 0, 1);

    if (of_sets) {
        store_put_number(&parameters, store_number(mark, 0, 5));
        store_put_number(&parameters, store_number(mark, 0, 2));
        store_put_instant(&parameters, store_instant(mark, 0, 3));
    } else {
        store_put_text(&parameters, store_text(mark, 0, 0));
        store_put_instant(&parameters, store_instant(mark, 0, 4));
        store_put_number(&parameters, store_number(mark, 0, 5));
    }
    store_put_number(&parameters, SLICE);
    return store_run(store, of_sets ? wake_sets_sql : wake_sql, &parameters, arena, woken, fault);
}

/* Of the one that is locked here, from its mark on. */
static enum err
wake(struct store *store, struct arena *arena, const char *take, int64_t turned,
     struct fault *fault)
{
    struct store_parameters which = store_parameters_create(arena);
    struct store_rows       mark = {0};
    struct store_rows       woken = {0};

    store_put_number(&which, turned);
    TRY(store_run(store, take, &which, arena, &mark, fault));
    if (store_row_count(&mark) == 0) {
        return ERR_OK; /* somebody else is at it, or has just ended it */
    }
    TRY(wake_slice(store, arena, &mark, &woken, fault));
    return advance(store, arena, turned, &woken, fault);
}

static enum err
step(struct store *store, struct arena *arena, const char *take, const struct waking *waking,
     struct fault *fault)
{
    if (!waking->begun) {
        TRY(store_run(store, await_sql, NULL, arena, NULL, fault));
    }
    TRY(store_begin(store, fault));
    enum err got = wake(store, arena, take, waking->turned, fault);
    if (got != ERR_OK) {
        store_rollback(store);
        return got;
    }
    TRY(store_commit(store, fault));
    FAILPOINT_REACH(WAKING_SLICE);
    return ERR_OK;
}

enum err
rule_waking_step(struct store *store, struct arena *arena, struct fault *fault)
{
    struct waking waking = {0};

    TRY(look(store, arena, &waking, fault));
    return waking.turned == 0 ? ERR_OK : step(store, arena, take_free_sql, &waking, fault);
}

enum err
rule_waking_run(struct store *store, struct arena *arena, int64_t turned, size_t *found,
                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct waking           waking = {0};
    struct store_rows       rows = {0};

    TRY(look(store, arena, &waking, fault));
    while (waking.turned != 0) {
        TRY(step(store, arena, take_sql, &waking, fault));
        TRY(look(store, arena, &waking, fault));
    }
    store_put_number(&parameters, turned);
    TRY(store_run(store, found_sql, &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) == 0 ? 0 : (size_t)store_number(&rows, 0, 0);
    return ERR_OK;
}
