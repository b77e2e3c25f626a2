#include "gateway/setbook/rework.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/log/log.h"

enum { ATTEMPTS_MAX = 5, NUMBER_MAX = 24 };

/* Counted as it is taken, so that a set that kills us does so a few times only. */
static const char take_sql[] =
    "UPDATE intake.set_work w SET attempts = w.attempts + 1,"
    "    not_before = now() + interval '1 second' * power(2, least(w.attempts, 6)) "
    "FROM intake.report_set s "
    "WHERE s.set = w.set AND w.work = ("
    "    SELECT o.work FROM intake.set_work o "
    "    WHERE o.done_at IS NULL AND (o.not_before IS NULL OR o.not_before <= now()) "
    "    ORDER BY o.work LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "RETURNING w.work, w.attempts, s.set, s.owner, s.scope, s.year, s.period_type, s.period_number,"
    "    (SELECT p.path[cardinality(p.path)] FROM registry.path(s.owner) p (path))";

/* Before the facts are read, in their transaction: what comes after that asks for itself. */
static const char close_sql[] =
    "UPDATE intake.set_work SET done_at = now() WHERE set = $1 AND done_at IS NULL";
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

enum { WORK, ATTEMPTS, SET, OWNER, SCOPE, YEAR, TYPE, NUMBER, TOP };

/* One row of work. */
struct task {
    int64_t      work;
    int64_t      attempts;
    int64_t      set;
    int64_t      top;
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
                         .place = {.owner = store_number(rows, 0, OWNER)}};
    out->place.key.scope = store_number(rows, 0, SCOPE) == 0 ? SETS_OF_JST : SETS_OF_UNIT;
    out->known = catalogue_period(tools->catalogue, year, store_text(rows, 0, TYPE), number,
                                  &out->place.key.period);
    return ERR_OK;
}

/* Everything that was asked of this set until now, its own row included. */
static enum err
close_work(const struct setbook_tools *tools, struct arena *arena, const struct task *task,
           struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, task->set);
    return store_run(tools->store, close_sql, &parameters, arena, NULL, fault);
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
    struct setbook book = {0};

    TRY(close_work(tools, arena, task, fault));
    if (task->known) {
        TRY(setbook_judge_one(tools, arena, &task->place, task->attempts > ATTEMPTS_MAX, &book,
                              fault));
        TRY(setbook_write(tools, arena, &book, now, fault));
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

    TRY(conclusion_begin(tools->store, arena, &now, fault));
    TRY(conclusion_lock(tools->store, arena, &task->top, 1, &obtained, fault));
    if (!obtained) {
        *end = REWORK_BUSY;
        return ERR_OK;
    }
    *end = REWORK_DONE;
    return judge(tools, arena, task, now, fault);
}

/* That its JST is busy is no attempt. */
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
    if (got != ERR_OK || *end == REWORK_BUSY) {
        store_rollback(tools->store);
    }
    TRY(got);
    return *end == REWORK_BUSY ? put_off(tools, arena, &task, fault) : ERR_OK;
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
