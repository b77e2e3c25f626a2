#include "gateway/release/rule_switch.h"

enum { CODES_MAX = 64 * 1024 };

static const char read_sql[] =
    "SELECT switch, code, off, since, reason, publisher, at FROM intake.rule_switch "
    "ORDER BY switch";

static const char turn_sql[] =
    "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
    " SELECT $1, $2, $3, $4, $5, $6"
    " WHERE (SELECT count(*) FROM intake.rule_switch) < $7 RETURNING switch";

static const char await_sql[] = "SELECT intake.await_conclusions()";

/*
 * Off: a report was rejected, and all its errors bear codes that are off for it now. What was cut
 * off a list of findings may have been another error; deciding such a report again does no harm.
 * On: a report was accepted; whoever objects to that says so by turning it off again. $1: code,
 * $2: since, $3: off.
 */
static const char wake_sql[] =
    "WITH concerned AS ("
    "    SELECT DISTINCT s.submission FROM intake.submission s "
    "    JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n "
    "    WHERE $3 AND s.state = 'decided' AND s.arrived >= $2 AND s.verdict = 3"
    "      AND f.code = $1 AND f.severity = 'error'"
    "      AND NOT EXISTS ("
    "        SELECT FROM intake.finding o "
    "        WHERE o.submission = f.submission AND o.n = f.n AND o.report = f.report"
    "          AND o.severity = 'error' AND o.code <> f.code"
    "          AND NOT coalesce((SELECT w.off FROM intake.rule_switch w"
    "                            WHERE w.code = o.code AND w.since <= s.arrived"
    "                            ORDER BY w.switch DESC LIMIT 1), false))"
    "      AND NOT EXISTS (SELECT FROM intake.work w"
    "                      WHERE w.submission = s.submission AND w.done_at IS NULL)), "
    "put AS (INSERT INTO intake.work (submission, cause)"
    "    SELECT submission, 'rule-switched' FROM concerned ORDER BY submission RETURNING 1) "
    "SELECT count(*) FROM put";

static const char forget_sql[] = "DELETE FROM intake.rule_count";
static const char count_sql[] =
    "INSERT INTO intake.rule_count (code, severity, findings, reports, counted_at) "
    "SELECT f.code, f.severity, count(*), count(DISTINCT (f.submission, f.report)),"
    "       now() + (SELECT clock_offset FROM registry.setting) "
    "FROM intake.submission s "
    "JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n "
    "WHERE s.decided_n > 0 GROUP BY f.code, f.severity";

enum err
rule_switch_count(struct store *store, struct arena *arena, struct fault *fault)
{
    TRY(store_run(store, forget_sql, NULL, arena, NULL, fault));
    return store_run(store, count_sql, NULL, arena, NULL, fault);
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

enum err
rule_switch_wake(struct store *store, struct arena *arena, const struct rule_switch *turned,
                 size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    TRY(store_run(store, await_sql, NULL, arena, NULL, fault));
    store_put_text(&parameters, turned->code);
    store_put_instant(&parameters, turned->since);
    store_put_truth(&parameters, turned->off);
    TRY(store_run(store, wake_sql, &parameters, arena, &rows, fault));
    *count = (size_t)store_number(&rows, 0, 0);
    return ERR_OK;
}
