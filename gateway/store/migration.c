#include "gateway/store/migration.h"

#include "gateway/store/migration_files.h"

/* Any number, the same for all who migrate: "brama" in ASCII. */
static const int64_t lock_key = INT64_C(0x6272616d61);

size_t
migration_count(void)
{
    size_t count = 0;

    (void)migration_files(&count);
    return count;
}

const struct migration *
migration_at(size_t index)
{
    size_t                  count = 0;
    const struct migration *files = migration_files(&count);

    ENSURE(index < count);
    return &files[index];
}

/* In a transaction that nobody else who migrates can have at the same time. */
static enum err
begin_alone(struct store *store, struct arena *arena, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    TRY(store_begin(store, fault));
    store_put_number(&parameters, lock_key);
    TRY(store_run(store, "SELECT pg_advisory_xact_lock($1)", &parameters, arena, NULL, fault));
    return store_script(store,
                        "CREATE TABLE IF NOT EXISTS public.migration ("
                        " number integer PRIMARY KEY,"
                        " name text NOT NULL,"
                        " sha256 bytea NOT NULL,"
                        " applied_at timestamptz NOT NULL DEFAULT now());"
                        "GRANT USAGE ON SCHEMA public"
                        " TO brama_writer, brama_reader, brama_desk, brama_courier, brama_admin;"
                        "GRANT SELECT ON public.migration"
                        " TO brama_writer, brama_reader, brama_desk, brama_courier, brama_admin",
                        fault);
}

/* What was applied as number `at` must be the one that we have there, to the byte: none is left out
 * below it, for it would meet tables that it does not expect. */
static enum err
check_one(struct store *store, struct arena *arena, const struct migration *known,
          const struct store_rows *rows, size_t at, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       same = {0};
    struct str              name = store_text(rows, at, 2);

    if (known == NULL || known->number > store_number(rows, at, 0)) {
        return FAIL(fault, ERR_STORE, "baza ma zmianę %.*s, której ten program nie zna",
                    STR_ARG(name));
    }
    if (known->number < store_number(rows, at, 0)) {
        return FAIL(fault, ERR_STORE,
                    "baza nie ma zmiany %s, a ma już późniejszą: %.*s. Zmian nie można wykonać "
                    "w innej kolejności",
                    known->name, STR_ARG(name));
    }
    store_put_bytes(&parameters, str_of(known->sql));
    store_put_bytes(&parameters, store_text(rows, at, 1));
    TRY(store_run(store, "SELECT sha256($1) = $2", &parameters, arena, &same, fault));
    if (!store_truth(&same, 0, 0)) {
        return FAIL(fault, ERR_STORE, "zmiana %s, którą ma baza, jest inna niż w tym programie",
                    known->name);
    }
    return ERR_OK;
}

/* *applied: how many of the list, from its first one on. */
static enum err
check_applied(struct store *store, struct arena *arena, const struct migration *list,
              size_t list_count, size_t *applied, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, "SELECT number, sha256, name FROM public.migration ORDER BY number", NULL,
                  arena, &rows, fault));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        TRY(check_one(store, arena, i < list_count ? &list[i] : NULL, &rows, i, fault));
    }
    *applied = store_row_count(&rows);
    return ERR_OK;
}

static enum err
apply_one(struct store *store, struct arena *arena, const struct migration *migration,
          struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    TRY(store_script(store, migration->sql, fault));
    store_put_integer(&parameters, migration->number);
    store_put_text(&parameters, str_of(migration->name));
    store_put_bytes(&parameters, str_of(migration->sql));
    return store_run(store,
                     "INSERT INTO public.migration (number, name, sha256)"
                     " VALUES ($1, $2, sha256($3))",
                     &parameters, arena, NULL, fault);
}

/* One step: the first of the list that is missing. *done: there was none. */
static enum err
step(struct store *store, struct arena *arena, const struct migration *list, size_t list_count,
     bool *done, struct fault *fault)
{
    size_t applied = 0;

    TRY(begin_alone(store, arena, fault));
    TRY(check_applied(store, arena, list, list_count, &applied, fault));
    *done = applied == list_count;
    if (!*done) {
        TRY(apply_one(store, arena, &list[applied], fault));
    }
    return store_commit(store, fault);
}

enum err
migration_apply(struct store *store, struct arena *arena, const struct migration *list,
                size_t list_count, size_t *count, struct fault *fault)
{
    bool done = false;

    *count = 0;
    while (!done) {
        enum err got = step(store, arena, list, list_count, &done, fault);
        if (got != ERR_OK) {
            store_rollback(store);
            return got;
        }
        *count += !done;
    }
    return ERR_OK;
}

enum err
migration_run(struct store *store, struct arena *arena, size_t *count, struct fault *fault)
{
    size_t                  list_count = 0;
    const struct migration *list = migration_files(&list_count);

    return migration_apply(store, arena, list, list_count, count, fault);
}

enum err
migration_look(struct store *store, struct arena *arena, struct migration_state *out,
               struct fault *fault)
{
    struct store_rows rows = {0};
    size_t            count = migration_count();

    TRY(store_run(store, "SELECT to_regclass('public.migration') IS NOT NULL", NULL, arena, &rows,
                  fault));
    *out = (struct migration_state){.known = migration_at(count - 1)->number};
    if (!store_truth(&rows, 0, 0)) {
        return ERR_OK;
    }
    TRY(store_run(store, "SELECT number FROM public.migration ORDER BY number", NULL, arena, &rows,
                  fault));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        out->applied = (int)store_number(&rows, i, 0);
        if (out->missing == 0 && i < count && migration_at(i)->number < out->applied) {
            out->missing = migration_at(i)->number;
        }
    }
    return ERR_OK;
}
