#include "gateway/store/store.h"

#include "gateway/store/session.h"

#include <libpq-fe.h>
#include <string.h>

enum { BINARY = 1, NAME_MAX_SIZE = 16 };

static void
release_store(void *object)
{
    session_close(object);
}

static void
release_result(void *object)
{
    PQclear(object);
}

/* A copy with a NUL; false when it does not fit. */
static bool
keep_text(char *out, size_t size_max, struct str text)
{
    return text.size > 0 && text.size < size_max
           && snprintf(out, size_max, "%.*s", STR_ARG(text)) == (int)text.size;
}

enum err
store_open(struct arena *arena, const struct store_address *address, enum store_role role,
           struct store **out, struct fault *fault)
{
    struct store *store = ARENA_NEW(arena, struct store, 1);

    if (store == NULL || !arena_defer(arena, release_store, store)) {
        return FAIL(fault, ERR_MEMORY, "connection to the database");
    }
    if (!keep_text(store->host, sizeof store->host, address->host)
        || !keep_text(store->database, sizeof store->database, address->database)
        || address->port < 1 || address->port > UINT16_MAX) {
        return FAIL(fault, ERR_USAGE, "address of the database");
    }
    (void)snprintf(store->port, sizeof store->port, "%d", (int)address->port);
    store->role = role;
    TRY(session_connect(store, fault));
    *out = store;
    return ERR_OK;
}

enum err
store_reopen(struct store *store, struct fault *fault)
{
    return session_connect(store, fault);
}

bool
store_is_open(const struct store *store)
{
    return store->link != NULL && PQstatus(store->link) == CONNECTION_OK;
}

int
store_socket(const struct store *store)
{
    return store->link == NULL ? -1 : PQsocket(store->link);
}

const char *
store_sqlstate(const struct store *store)
{
    return store->sqlstate;
}

/* The slot of a statement: its own, a free one, or SESSION_STATEMENTS_MAX when all are taken. */
static size_t
find_slot(const struct store *store, const char *sql)
{
    size_t first = ((uintptr_t)sql * 0x9E3779B97F4A7C15U) >> 48U;

    for (size_t step = 0; step < SESSION_STATEMENTS_MAX; step++) {
        size_t slot = (first + step) % SESSION_STATEMENTS_MAX;
        if (store->statements[slot] == sql || store->statements[slot] == NULL) {
            return slot;
        }
    }
    return SESSION_STATEMENTS_MAX;
}

static void
write_name(char *name, size_t slot)
{
    (void)snprintf(name, NAME_MAX_SIZE, "s%zu", slot);
}

/* Wait for the answer to what was sent (sent == 0: libpq could not), tell a failure. */
static enum err
finish(struct store *store, int sent, const char *sql, PGresult **out, struct fault *fault)
{
    PGresult *result = NULL;

    if (sent == 0) {
        session_close(store);
    } else {
        result = session_answer(store);
    }
    enum err got = session_judge(store, result, sql, fault);
    if (got != ERR_OK || out == NULL) {
        PQclear(result);
        return got;
    }
    *out = result;
    return ERR_OK;
}

static enum err
prepare(struct store *store, size_t slot, const char *sql,
        const struct store_parameters *parameters, struct fault *fault)
{
    char name[NAME_MAX_SIZE];

    if (store->statements[slot] == sql) {
        return ERR_OK;
    }
    write_name(name, slot);
    TRY(finish(store,
               PQsendPrepare(store->link, name, sql, (int)parameters->count, parameters->types),
               sql, NULL, fault));
    store->statements[slot] = sql;
    return ERR_OK;
}

/* Send a statement with its values. */
static enum err
execute(struct store *store, const char *sql, const struct store_parameters *parameters,
        PGresult **out, struct fault *fault)
{
    int    formats[STORE_PARAMETERS_MAX];
    char   name[NAME_MAX_SIZE];
    size_t slot = find_slot(store, sql);
    int    count = (int)parameters->count;

    for (size_t i = 0; i < parameters->count; i++) {
        formats[i] = BINARY;
    }
    if (slot == SESSION_STATEMENTS_MAX) {
        return finish(store,
                      PQsendQueryParams(store->link, sql, count, parameters->types,
                                        parameters->values, parameters->sizes, formats, BINARY),
                      sql, out, fault);
    }
    TRY(prepare(store, slot, sql, parameters, fault));
    write_name(name, slot);
    return finish(store,
                  PQsendQueryPrepared(store->link, name, count, parameters->values,
                                      parameters->sizes, formats, BINARY),
                  sql, out, fault);
}

enum err
store_run(struct store *store, const char *sql, const struct store_parameters *parameters,
          struct arena *arena, struct store_rows *rows, struct fault *fault)
{
    static const struct store_parameters none;
    PGresult                            *result = NULL;

    ENSURE(!store->copying && (rows == NULL || arena != NULL));
    if (parameters != NULL && parameters->starved) {
        return FAIL(fault, ERR_MEMORY, "parameters of [%.60s]", sql);
    }
    TRY(session_need(store, fault));
    TRY(execute(store, sql, parameters == NULL ? &none : parameters, &result, fault));
    if (rows == NULL) {
        PQclear(result);
        return ERR_OK;
    }
    if (!arena_defer(arena, release_result, result)) {
        PQclear(result);
        return FAIL(fault, ERR_MEMORY, "answer of [%.60s]", sql);
    }
    *rows = (struct store_rows){.count = (size_t)PQntuples(result), .result = result};
    return ERR_OK;
}

enum err
store_script(struct store *store, const char *sql, struct fault *fault)
{
    ENSURE(!store->copying);
    TRY(session_need(store, fault));
    return finish(store, PQsendQuery(store->link, sql), sql, NULL, fault);
}

enum err
store_begin(struct store *store, struct fault *fault)
{
    return store_script(store, "BEGIN", fault);
}

enum err
store_commit(struct store *store, struct fault *fault)
{
    PGresult *result = NULL;

    ENSURE(!store->copying);
    /* Lost before COMMIT was sent: that much is certain. */
    TRY(session_need(store, fault));
    ENSURE(PQtransactionStatus(store->link) != PQTRANS_IDLE);
    store->warned = false;
    enum err got = finish(store, PQsendQuery(store->link, "COMMIT"), "COMMIT", &result, fault);
    if (got == ERR_STORE_LOST) {
        return FAIL(fault, ERR_STORE_UNCERTAIN, "the connection broke during COMMIT");
    }
    TRY(got);
    bool committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    if (!committed) {
        return FAIL(fault, ERR_STORE, "COMMIT of a transaction that had failed before");
    }
    /* "committed locally, but might not have been replicated" comes as a warning. */
    if (store->warned) {
        return FAIL(fault, ERR_STORE_UNCERTAIN, "the server warned during COMMIT");
    }
    return ERR_OK;
}

static void
abandon_copy(struct store *store)
{
    store->copying = false;
    if (PQputCopyEnd(store->link, "abandoned") == -1) {
        session_close(store);
        return;
    }
    PQclear(session_answer(store));
}

void
store_rollback(struct store *store)
{
    struct fault fault = {0};

    if (store->link != NULL && store->copying) {
        abandon_copy(store);
    }
    if (store->link == NULL || PQtransactionStatus(store->link) == PQTRANS_IDLE) {
        return;
    }
    /* A server that cannot even roll back forgets the transaction with the connection. */
    if (store_script(store, "ROLLBACK", &fault) != ERR_OK) {
        session_close(store);
    }
}

enum err
store_check_durability(struct store *store, struct arena *arena, struct fault *fault)
{
    static const char sql[] =
        "SELECT s.name, s.setting FROM pg_catalog.pg_settings s"
        " WHERE (s.name IN ('fsync', 'full_page_writes') AND s.setting <> 'on')"
        " OR (s.name = 'synchronous_commit' AND s.setting NOT IN ('on', 'remote_apply'))"
        " OR (s.name IN ('zero_damaged_pages', 'ignore_checksum_failure') AND s.setting <> 'off')"
        " ORDER BY s.name LIMIT 1";
    struct store_rows rows = {0};

    TRY(store_run(store, sql, NULL, arena, &rows, fault));
    if (store_row_count(&rows) > 0) {
        return FAIL(fault, ERR_STORE, "the server may lose what it has committed: %.*s = %.*s",
                    STR_ARG(store_text(&rows, 0, 0)), STR_ARG(store_text(&rows, 0, 1)));
    }
    return ERR_OK;
}
