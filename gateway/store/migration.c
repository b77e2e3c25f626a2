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
                        " TO brama_writer, brama_reader, brama_desk, brama_admin;"
                        "GRANT SELECT ON public.migration"
                        " TO brama_writer, brama_reader, brama_desk, brama_admin",
                        fault);
}

static const struct migration *
find(const struct migration *list, size_t count, int64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].number == number) {
            return &list[i];
        }
    }
    return NULL;
}

/* What was applied must be what we know, to the byte. *applied: the highest number. */
static enum err
check_applied(struct store *store, struct arena *arena, const struct migration *list,
              size_t list_count, int64_t *applied, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, "SELECT number, sha256, name FROM public.migration ORDER BY number", NULL,
                  arena, &rows, fault));
    *applied = 0;
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        const struct migration *known = find(list, list_count, store_number(&rows, i, 0));
        struct store_parameters parameters = store_parameters_create(arena);
        struct store_rows       same = {0};
        if (known == NULL) {
            return FAIL(fault, ERR_STORE,
                        "the database has migration %.*s, which is newer than we are",
                        STR_ARG(store_text(&rows, i, 2)));
        }
        store_put_bytes(&parameters, str_of(known->sql));
        store_put_bytes(&parameters, store_text(&rows, i, 1));
        TRY(store_run(store, "SELECT sha256($1) = $2", &parameters, arena, &same, fault));
        if (!store_truth(&same, 0, 0)) {
            return FAIL(fault, ERR_STORE, "migration %s is not the one that was applied",
                        known->name);
        }
        *applied = known->number;
    }
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
    int64_t applied = 0;

    TRY(begin_alone(store, arena, fault));
    TRY(check_applied(store, arena, list, list_count, &applied, fault));
    for (size_t i = 0; i < list_count; i++) {
        if (list[i].number > applied) {
            TRY(apply_one(store, arena, &list[i], fault));
            return store_commit(store, fault);
        }
    }
    *done = true;
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
    TRY(store_run(store, "SELECT coalesce(max(number), 0) FROM public.migration", NULL, arena,
                  &rows, fault));
    out->applied = (int)store_number(&rows, 0, 0);
    return ERR_OK;
}
