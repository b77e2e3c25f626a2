#include "gateway/release/rule_switch.h"

enum { CODES_MAX = 64 * 1024, SLICE = 1000 /* submissions in one statement */ };

static const char read_sql[] =
    "SELECT switch, code, off, since, reason, publisher, at FROM intake.rule_switch "
    "ORDER BY switch";

/* One at a time until it commits, so that numbers become visible in their order: a worker that has
 * seen a number has seen all before it. The key is any that nobody else locks by. */
static const char turn_sql[] =
    "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(4611686018427387905)), "
    "turned AS (INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
    "    SELECT $1, $2, $3, $4, $5, $6 FROM turn"
    "    WHERE (SELECT count(*) FROM intake.rule_switch) < $7 RETURNING switch, off, since), "
    /* A rule of a form that is on: a report was accepted; whoever objects to that says so by
     * turning it off again. */
    "waking AS (INSERT INTO intake.rule_waking (switch, scope, arrived, ordinal)"
    "    SELECT switch, $9, since, -1 FROM turned WHERE off OR $8) "
    "SELECT switch FROM turned";

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

/* The same of charged reports: findings of sets that are open. */
static const char count_sets_sql[] =
    "WITH slice AS MATERIALIZED ("
    "    SELECT DISTINCT f.report FROM intake.set_finding f"
    "    WHERE f.report > $1 AND f.closed_at IS NULL ORDER BY f.report LIMIT $2), "
    "put AS (INSERT INTO intake.rule_count AS c (code, severity, findings, reports, counted_at) "
    "    SELECT f.code, f.severity, count(*), count(DISTINCT f.report),"
    "           now() + (SELECT clock_offset FROM registry.setting) "
    "    FROM slice s JOIN intake.set_finding f ON f.report = s.report AND f.closed_at IS NULL "
    "    GROUP BY f.code, f.severity "
    "    ON CONFLICT (code, severity) DO UPDATE SET findings = c.findings + excluded.findings,"
    "        reports = c.reports + excluded.reports) "
    "SELECT report FROM slice ORDER BY report DESC LIMIT 1";

/* Slice by slice, each told where the one before has ended. */
static enum err
count_slices(struct store *store, struct arena *arena, const char *sql, struct fault *fault)
{
    struct store_rows rows = {0};
    int64_t           last = -1;

    do {
        struct store_parameters parameters = store_parameters_create(arena);
        store_put_number(&parameters, last);
        store_put_number(&parameters, SLICE);
        TRY(store_run(store, sql, &parameters, arena, &rows, fault));
        last = store_row_count(&rows) > 0 ? store_number(&rows, 0, 0) : last;
    } while (store_row_count(&rows) > 0);
    return ERR_OK;
}

enum err
rule_switch_count(struct store *store, struct arena *arena, struct fault *fault)
{
    TRY(store_run(store, count_lock_sql, NULL, arena, NULL, fault));
    TRY(store_run(store, forget_sql, NULL, arena, NULL, fault));
    TRY(count_slices(store, arena, count_sql, fault));
    return count_slices(store, arena, count_sets_sql, fault);
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
rule_switch_turn(struct store *store, struct arena *arena, struct rule_switch *wanted,
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
    store_put_truth(&parameters, wanted->of_sets);
    if (wanted->of_sets) {
        store_put_number(&parameters, wanted->scope);
    } else {
        store_put_null(&parameters, STORE_NUMBER);
    }
    TRY(store_run(store, turn_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "przełączeń reguł jest już %d, więcej brama nie przyjmie",
                    RULE_SWITCH_MAX);
    }
    wanted->id = store_number(&rows, 0, 0);
    return ERR_OK;
}
