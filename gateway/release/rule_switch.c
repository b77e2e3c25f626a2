#include "gateway/release/rule_switch.h"

enum { CODES_MAX = 64 * 1024, SLICE = 1000 /* submissions in one statement */ };

static const char read_sql[] =
    "SELECT switch, code, off, since, reason, publisher, at FROM intake.rule_switch "
    "ORDER BY switch";

/* One at a time until it commits, so that numbers become visible in their order: a worker that has
 * seen a number has seen all before it. The key is any that nobody else locks by. */
static const char turn_sql[] =
    "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(4611686018427387905)) "
    "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
    " SELECT $1, $2, $3, $4, $5, $6 FROM turn"
    " WHERE (SELECT count(*) FROM intake.rule_switch) < $7 RETURNING switch";

static const char await_sql[] = "SELECT intake.await_conclusions()";

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

static const char forget_sql[] = "DELETE FROM intake.rule_count";

/* One at a time: two would add up. */
static const char count_lock_sql[] = "LOCK TABLE intake.rule_count IN SHARE ROW EXCLUSIVE MODE";

/* Of the submissions after $1, $2 at most; answers the last of them, or no row. */
static const char count_sql[] =
    "WITH slice AS MATERIALIZED ("
    "    SELECT s.submission, s.ordinal, s.decided_n FROM intake.submission s"
    "    WHERE s.ordinal > $1 ORDER BY s.ordinal LIMIT $2), "
    "put AS (INSERT INTO intake.rule_count AS c (code, severity, findings, reports, counted_at) "
    "    SELECT f.code, f.severity, count(*), count(DISTINCT (f.submission, f.report)),"
    "           now() + (SELECT clock_offset FROM registry.setting) "
    "    FROM slice s "
    "    JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n "
    "    WHERE s.decided_n > 0 GROUP BY f.code, f.severity "
    "    ON CONFLICT (code, severity) DO UPDATE SET findings = c.findings + excluded.findings,"
    "        reports = c.reports + excluded.reports) "
    "SELECT ordinal FROM slice ORDER BY ordinal DESC LIMIT 1";

enum err
rule_switch_count(struct store *store, struct arena *arena, struct fault *fault)
{
    struct store_rows rows = {0};
    int64_t           last = -1;

    TRY(store_run(store, count_lock_sql, NULL, arena, NULL, fault));
    TRY(store_run(store, forget_sql, NULL, arena, NULL, fault));
    do {
        struct store_parameters parameters = store_parameters_create(arena);
        store_put_number(&parameters, last);
        store_put_number(&parameters, SLICE);
        TRY(store_run(store, count_sql, &parameters, arena, &rows, fault));
        last = store_row_count(&rows) > 0 ? store_number(&rows, 0, 0) : last;
    } while (store_row_count(&rows) > 0);
    return ERR_OK;
}

enum err
rule_switches_read(struct store *store, struct arena *arena, struct rule_switches *out,
                   struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, read_sql, NULL, arena, &rows, fault));
    size_t              count = store_row_count(&rows);
    struct rule_switch *items = ARENA_NEW(arena, struct rule_switch, count + 1);
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu switches of rules", count);
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct rule_switch){.id = store_number(&rows, i, 0),
                                        .code = store_text(&rows, i, 1),
                                        .off = store_truth(&rows, i, 2),
                                        .since = store_instant(&rows, i, 3),
                                        .reason = store_text(&rows, i, 4),
                                        .publisher = store_text(&rows, i, 5),
                                        .at = store_instant(&rows, i, 6)};
    }
    *out = (struct rule_switches){.items = items, .count = count};
    return ERR_OK;
}

int64_t
rule_switches_newest(const struct rule_switches *switches)
{
    return switches->count == 0 ? 0 : switches->items[switches->count - 1].id;
}

/* Whether no later switch of the same code holds for this arrival. */
static bool
is_last(const struct rule_switches *switches, size_t at, instant arrived)
{
    for (size_t i = at + 1; i < switches->count; i++) {
        if (switches->items[i].since <= arrived
            && str_equal(switches->items[i].code, switches->items[at].code)) {
            return false;
        }
    }
    return switches->items[at].since <= arrived;
}

struct str
rule_switches_off(struct arena *arena, const struct rule_switches *switches, instant arrived)
{
    struct buf text = buf_create(arena, CODES_MAX);

    for (size_t i = 0; i < switches->count; i++) {
        if (switches->items[i].off && is_last(switches, i, arrived)) {
            buf_append(&text, text.size > 0 ? STR(" ") : STR(""));
            buf_append(&text, switches->items[i].code);
        }
    }
    if (!buf_ok(&text)) {
        return (struct str){0};
    }
    return text.size == 0 ? STR("") : buf_str(&text);
}

enum err
rule_switch_turn(struct store *store, struct arena *arena, const struct rule_switch *wanted,
                 struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, wanted->code);
    store_put_truth(&parameters, wanted->off);
    store_put_instant(&parameters, wanted->since);
    store_put_text(&parameters, str_trim(wanted->reason));
    store_put_text(&parameters, str_trim(wanted->publisher));
    store_put_instant(&parameters, wanted->at);
    store_put_number(&parameters, RULE_SWITCH_MAX);
    TRY(store_run(store, turn_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "przełączeń reguł jest już %d, więcej brama nie przyjmie",
                    RULE_SWITCH_MAX);
    }
    return ERR_OK;
}

/* Where a wake has come to; ended: there is nothing after it. */
struct waking {
    instant arrived;
    int64_t ordinal;
    size_t  count;
    bool    ended;
};

static enum err
wake_slice(struct store *store, struct arena *arena, struct str code, struct waking *waking,
           struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, code);
    store_put_instant(&parameters, waking->arrived);
    store_put_number(&parameters, waking->ordinal);
    store_put_number(&parameters, SLICE);
    TRY(store_begin(store, fault));
    TRY(store_run(store, wake_sql, &parameters, arena, &rows, fault));
    TRY(store_commit(store, fault));
    waking->ended = store_row_count(&rows) == 0;
    if (!waking->ended) {
        waking->count += (size_t)store_number(&rows, 0, 0);
        waking->arrived = store_instant(&rows, 0, 1);
        waking->ordinal = store_number(&rows, 0, 2);
    }
    return ERR_OK;
}

enum err
rule_switch_wake(struct store *store, struct arena *arena, const struct rule_switch *turned,
                 size_t *count, struct fault *fault)
{
    /* On: a report was accepted; whoever objects to that says so by turning it off again. */
    struct waking waking = {.arrived = turned->since, .ordinal = -1, .ended = !turned->off};

    TRY(store_run(store, await_sql, NULL, arena, NULL, fault));
    while (!waking.ended) {
        TRY(wake_slice(store, arena, turned->code, &waking, fault));
    }
    *count = waking.count;
    return ERR_OK;
}
