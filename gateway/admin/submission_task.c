#include "gateway/admin/admin.h"

/* What can be retried or is on its way; with --parked only what an operator has to look at. */
enum err
submission_task_list(struct admin *admin, struct fault *fault)
{
    static const char sql[] =
        "SELECT s.submission, CASE s.state WHEN 'decided' THEN 'undecided' ELSE s.state END,"
        " s.attempts, s.arrived, u.regon, u.name,"
        " EXISTS (SELECT 1 FROM intake.work w"
        " WHERE w.submission = s.submission AND w.done_at IS NULL)"
        " FROM intake.submission s JOIN registry.unit u ON u.unit = s.subject"
        " WHERE s.state = 'parked' OR (NOT $1 AND (s.state IN ('received', 'checking')"
        " OR (s.state = 'decided' AND s.verdict = 0)))"
        " ORDER BY s.ordinal LIMIT 100000";
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_truth(&parameters, admin->options.values[OPTION_PARKED].data != NULL);
    TRY(store_run(admin->store, sql, &parameters, admin->arena, &rows, fault));
    buf_append(&admin->out, STR("numer\tstan\tprób\twpłynęło\tskładający\tnazwa\tdo ponowienia\n"));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        uuid_write(&admin->out, store_uuid(&rows, i, 0));
        buf_byte(&admin->out, '\t');
        admin_print(admin, store_text(&rows, i, 1), false);
        buf_format(&admin->out, "%lld\t", (long long)store_number(&rows, i, 2));
        admin_print_instant(admin, store_instant(&rows, i, 3), false);
        admin_print(admin, store_text(&rows, i, 4), false);
        admin_print(admin, store_text(&rows, i, 5), false);
        admin_print(admin, store_truth(&rows, i, 6) ? STR("tak") : STR("nie"), true);
    }
    return ERR_OK;
}

/* Why a submission is not taken again; NULL: it may be. */
static const char *
obstacle(const struct store_rows *rows)
{
    if (store_row_count(rows) == 0) {
        return "nie ma takiego złożenia";
    }
    if (store_truth(rows, 0, 1)) {
        return "już czeka na ponowne rozstrzygnięcie";
    }
    if (!store_truth(rows, 0, 0)) {
        return "nie jest odłożone ani nierozstrzygnięte, nie ma czego ponawiać";
    }
    return NULL;
}

/* All that an operator has to look at and that does not wait already. */
static enum err
retry_all(struct admin *admin, struct fault *fault)
{
#define PARKED                                                            \
    " FROM intake.submission s WHERE s.state = 'parked' AND NOT EXISTS (" \
    "   SELECT 1 FROM intake.work w WHERE w.submission = s.submission"    \
    "     AND w.done_at IS NULL)"
    static const char count_sql[] = "SELECT count(*)" PARKED;
    static const char retry_sql[] =
        "WITH put AS (INSERT INTO intake.work (submission, cause)"
        " SELECT s.submission, 'retry'" PARKED " ORDER BY s.ordinal RETURNING 1)"
        " SELECT count(*) FROM put";
#undef PARKED
    bool              dry = admin->options.values[OPTION_DRY_RUN].data != NULL;
    struct store_rows rows = {0};

    TRY(store_run(admin->store, dry ? count_sql : retry_sql, NULL, admin->arena, &rows, fault));
    buf_format(&admin->out,
               dry ? "Odłożone, które zostałyby rozstrzygnięte ponownie: %lld. Nic nie zmieniono.\n"
                   : "Odłożone, które zostaną rozstrzygnięte ponownie: %lld\n",
               (long long)store_number(&rows, 0, 0));
    return ERR_OK;
}

static enum err
retry_one(struct admin *admin, struct fault *fault)
{
    static const char look_sql[] =
        "SELECT s.state = 'parked' OR (s.state = 'decided' AND s.verdict = 0),"
        " EXISTS (SELECT 1 FROM intake.work w"
        " WHERE w.submission = s.submission AND w.done_at IS NULL)"
        " FROM intake.submission s WHERE s.submission = $1";
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};
    struct uuid             id = {0};

    if (!uuid_parse(admin->options.argument, &id)) {
        return FAIL(fault, ERR_USAGE, "„%.*s” to nie jest numer złożenia",
                    STR_ARG(str_slice(admin->options.argument, 0, 40)));
    }
    store_put_uuid(&parameters, id);
    TRY(store_run(admin->store, look_sql, &parameters, admin->arena, &rows, fault));
    const char *why_not = obstacle(&rows);
    if (why_not != NULL) {
        return FAIL(fault, ERR_DENIED, "złożenie %.*s: %s", STR_ARG(admin->options.argument),
                    why_not);
    }
    TRY(store_run(admin->store, "INSERT INTO intake.work (submission, cause) VALUES ($1, 'retry')",
                  &parameters, admin->arena, NULL, fault));
    buf_format(&admin->out, "Złożenie %.*s zostanie rozstrzygnięte ponownie\n",
               STR_ARG(admin->options.argument));
    return ERR_OK;
}

enum err
submission_task_retry(struct admin *admin, struct fault *fault)
{
    bool all = admin->options.values[OPTION_ALL_PARKED].data != NULL;

    if (all && admin->options.argument.data != NULL) {
        return FAIL(fault, ERR_USAGE, "albo numer złożenia, albo --all-parked");
    }
    if (!all && admin->options.values[OPTION_DRY_RUN].data != NULL) {
        return FAIL(fault, ERR_USAGE, "--dry-run działa tylko razem z --all-parked");
    }
    return all ? retry_all(admin, fault) : retry_one(admin, fault);
}
