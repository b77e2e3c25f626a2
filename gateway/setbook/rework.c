#include "gateway/setbook/rework.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/log/log.h"

enum { ATTEMPTS_MAX = 5, NUMBER_MAX = 24 };

/* Counted as it is taken, so that a set that kills us does so a few times only. A set that is asked
 * for by its place may not be there yet. */
static const char take_sql[] =
    "WITH taken AS ("
    "    UPDATE intake.set_work w SET attempts = w.attempts + 1,"
    "        not_before = now() + interval '1 second' * power(2, least(w.attempts, 6)) "
    "    WHERE w.work = ("
    "        SELECT o.work FROM intake.set_work o "
    "        WHERE o.done_at IS NULL AND (o.not_before IS NULL OR o.not_before <= now()) "
    "        ORDER BY o.work LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "    RETURNING w.*), "
    "placed AS ("
    "    SELECT t.work, t.attempts, s.set, s.owner, s.scope, s.year, s.period_type,"
    "        s.period_number, s.period_end "
    "    FROM taken t JOIN intake.report_set s ON s.set = t.set "
    "    UNION ALL "
    "    SELECT t.work, t.attempts, s.set, t.owner, t.scope, t.year, t.period_type,"
    "        t.period_number, t.period_end "
    "    FROM taken t LEFT JOIN intake.report_set s ON s.owner = t.owner AND s.scope = t.scope"
    "        AND s.period_end = t.period_end AND s.period_type = t.period_type "
    "    WHERE t.owner IS NOT NULL AND t.set IS NULL) "
    "SELECT p.work, p.attempts, coalesce(p.set, 0), p.owner, p.scope, p.year, p.period_type,"
    "    p.period_number, a.path[cardinality(a.path)], p.period_end - DATE 'epoch' "
    "FROM placed p CROSS JOIN LATERAL registry.path(p.owner) a (path)";

/* Before the facts are read, in their transaction: what comes after that asks for itself. A row
 * that waits for the day of its switch, or for what was concluded while a unit moved, stays. In one
 * statement, so that whoever closes the row of a switch sees the switch. */
static const char close_sql[] =
    "WITH closed AS ("
    "    UPDATE intake.set_work SET done_at = now() "
    "    WHERE work = ANY (ARRAY("
    "            SELECT w.work FROM intake.set_work w WHERE w.set = $1"
    "                AND coalesce(w.done_at, 'infinity') = 'infinity' "
    "            UNION ALL "
    "            SELECT w.work FROM intake.set_work w WHERE w.owner = $2 AND w.scope = $3"
    "                AND w.period_end = DATE 'epoch' + $4::bigint::integer"
    "                AND w.period_type = $5"
    "                AND coalesce(w.done_at, 'infinity') = 'infinity'))"
    "        AND done_at IS NULL"
    "        AND (cause NOT IN ('rule-switched', 'moved') OR attempts > 0 OR not_before IS NULL"
    "             OR not_before <= now()) RETURNING cause) "
    "SELECT coalesce(max(switch), 0),"
    "    coalesce((SELECT bool_or(c.cause = 'moved') FROM closed c), false) "
    "FROM intake.rule_switch";
/* Where units have moved, the registry says once more whose reports are in the set. */
static const char settle_sql[] =
    "SELECT intake.settle_members($1, DATE 'epoch' + $2::bigint::integer, $3)";
static const char busy_sql[] =
    "UPDATE intake.set_work SET attempts = attempts - 1,"
    "    not_before = now() + interval '0.2 seconds' "
    "WHERE work = (SELECT w.work FROM intake.set_work w WHERE w.work = $1 AND w.done_at IS NULL"
    "              FOR UPDATE SKIP LOCKED)";

/* So many sets as one statement looks at in no time, whatever is found of them. */
static const char slice_sql[] =
    "WITH slice AS MATERIALIZED ("
    "    SELECT s.set, s.definitions FROM intake.report_set s WHERE s.set > $2 "
    "    ORDER BY s.set LIMIT 2000), "
    "asked AS ("
    "    INSERT INTO intake.set_work (set, cause) "
    "    SELECT s.set, 'definitions' FROM slice s WHERE s.definitions <> $1 ORDER BY s.set "
    "    ON CONFLICT (set) WHERE done_at IS NULL AND cause = 'definitions' DO NOTHING) "
    "SELECT max(set) FROM slice";

enum { WORK, ATTEMPTS, SET, OWNER, SCOPE, YEAR, TYPE, NUMBER, TOP, DAYS };

/* One row of work. */
struct task {
    int64_t      work;
    int64_t      attempts;
    int64_t      set; /* 0: it is not there yet */
    int64_t      top;
    int64_t      days; /* the period's end */
    struct str   type; /* of the period */
    struct place place;
    bool         known; /* the period is one of the catalogue's */
};

static enum err
read_task(const struct setbook_tools *tools, struct arena *arena, const struct store_rows *rows,
          struct task *out, struct fault *fault)
{
    struct str year = str_format(arena, "%lld", (long long)store_number(rows, 0, YEAR));
    struct str number = str_format(arena, "%lld", (long long)store_number(rows, 0, NUMBER));

    if (year.data == NULL || number.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "the period of a set");
    }
    *out = (struct task){.work = store_number(rows, 0, WORK),
                         .attempts = store_number(rows, 0, ATTEMPTS),
                         .set = store_number(rows, 0, SET),
                         .top = store_number(rows, 0, TOP),
                         .days = store_number(rows, 0, DAYS),
                         .type = store_text(rows, 0, TYPE),
                         .place = {.owner = store_number(rows, 0, OWNER)}};
    out->place.key.scope = store_number(rows, 0, SCOPE) == 0 ? SETS_OF_JST : SETS_OF_UNIT;
    out->known =
        catalogue_period(tools->catalogue, year, out->type, number, &out->place.key.period);
    return ERR_OK;
}

static enum err
settle_members(const struct setbook_tools *tools, struct arena *arena, const struct task *task,
               struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, task->place.owner);
    store_put_number(&parameters, task->days);
    store_put_text(&parameters, task->type);
    return store_run(tools->store, settle_sql, &parameters, arena, NULL, fault);
}

/* Everything that was asked of this set until now, its own row included. *stale: a switch is not
 * known to us. */
static enum err
close_work(const struct setbook_tools *tools, struct arena *arena, const struct task *task,
           bool *stale, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, task->set);
    store_put_number(&parameters, task->place.owner);
    store_put_number(&parameters, task->place.key.scope == SETS_OF_JST ? 0 : 1);
    store_put_number(&parameters, task->days);
    store_put_text(&parameters, task->type);
    TRY(store_run(tools->store, close_sql, &parameters, arena, &rows, fault));
    *stale = store_number(&rows, 0, 0) != rule_switches_newest(tools->switches);
    return store_truth(&rows, 0, 1) && task->known && task->place.key.scope == SETS_OF_JST
               ? settle_members(tools, arena, task, fault)
               : ERR_OK;
}

static void
say_judged(const struct task *task, const struct setbook *book)
{
    log_begin(LOG_INFO, "set.judged");
    log_number("set", task->set);
    log_text("state", book->count == 0 ? STR("") : book->accounts[0].state);
    log_number("attempts", task->attempts);
    log_end();
}

static enum err
judge(const struct setbook_tools *tools, struct arena *arena, const struct task *task, instant now,
      struct fault *fault)
{
    struct setbook_tools current = *tools;
    struct setbook       book = {0};

    current.switched_off = rule_switches_off(arena, tools->switches, now);
    if (current.switched_off.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules that are off");
    }
    if (task->known) {
        TRY(setbook_judge_one(&current, arena, &task->place, task->attempts > ATTEMPTS_MAX, &book,
                              fault));
        TRY(setbook_write(&current, arena, &book, now, fault));
    }
    FAILPOINT_REACH(SET_BEFORE_COMMIT);
    TRY(store_commit(tools->store, fault));
    say_judged(task, &book);
    return ERR_OK;
}

static enum err
judge_locked(const struct setbook_tools *tools, struct arena *arena, struct task *task,
             enum rework_end *end, struct fault *fault)
{
    instant now = 0;
    bool    obtained = false;
    bool    stale = false;

    TRY(conclusion_begin(tools->store, arena, &now, fault));
    TRY(conclusion_lock(tools->store, arena, &task->top, 1, &obtained, fault));
    if (!obtained) {
        *end = REWORK_BUSY;
        return ERR_OK;
    }
    TRY(close_work(tools, arena, task, &stale, fault));
    if (stale) {
        *end = REWORK_STALE;
        return ERR_OK;
    }
    *end = REWORK_DONE;
    return judge(tools, arena, task, now, fault);
}

/* That its JST is busy, or a switch is new, is no attempt. */
static enum err
put_off(const struct setbook_tools *tools, struct arena *arena, const struct task *task,
        struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, task->work);
    return store_run(tools->store, busy_sql, &parameters, arena, NULL, fault);
}

enum err
rework_run(const struct setbook_tools *tools, struct arena *arena, enum rework_end *end,
           struct fault *fault)
{
    struct store_rows rows = {0};
    struct task       task = {0};

    *end = REWORK_NOTHING;
    TRY(store_run(tools->store, take_sql, NULL, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return ERR_OK;
    }
    TRY(read_task(tools, arena, &rows, &task, fault));
    enum err got = judge_locked(tools, arena, &task, end, fault);
    if (got != ERR_OK || *end != REWORK_DONE) {
        store_rollback(tools->store);
    }
    TRY(got);
    return *end == REWORK_DONE ? ERR_OK : put_off(tools, arena, &task, fault);
}

enum err
rework_slice(const struct setbook_tools *tools, struct arena *arena, struct rework_asking *asking,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_bytes(&parameters, fingerprint_str(tools->catalogue->sha256));
    store_put_number(&parameters, asking->last);
    TRY(store_run(tools->store, slice_sql, &parameters, arena, &rows, fault));
    asking->more = store_row_count(&rows) == 1 && !store_is_null(&rows, 0, 0);
    if (asking->more) {
        asking->last = store_number(&rows, 0, 0);
    }
    return ERR_OK;
}
