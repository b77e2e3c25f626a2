#include "gateway/store/session.h"

#include "gateway/ticks/ticks.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <string.h>

/*
 * The deadline here stands behind statement_timeout: it ends only what the server itself does not.
 * The owner runs migrations, which may take their time.
 */
enum { ANSWER_MS = 45 * 1000, OWNER_ANSWER_MS = 3600 * 1000, WAIT_PART_MS = 1000 };

static void (*while_waiting)(void);

/*
 * The writer and the courier ask for few rows and by their keys. A generic plan that was made while
 * its tables were measured empty would read them whole for as long as it is kept, longer with every
 * filing.
 */
static const struct {
    const char *user;
    const char *application;
    const char *target; /* target_session_attrs: who writes wants no standby */
    const char *statement_timeout_ms;
    int         answer_ms;
    const char *seqscan; /* enable_seqscan */
} roles[] = {
    [STORE_OWNER] = {"brama_owner",   "brama owner",   "read-write", "0",     OWNER_ANSWER_MS, "on" },
    [STORE_WRITER] = {"brama_writer",  "brama writer",  "read-write", "30000", ANSWER_MS,       "off"},
    [STORE_READER] = {"brama_reader",  "brama reader",  "any",        "5000",  ANSWER_MS,       "on" },
    [STORE_ADMIN] = {"brama_admin",   "brama admin",   "read-write", "30000", ANSWER_MS,       "on" },
    [STORE_DESK] = {"brama_desk",    "brama desk",    "read-write", "5000",  ANSWER_MS,       "on" },
    [STORE_COURIER] = {"brama_courier", "brama courier", "read-write", "30000", ANSWER_MS,       "off"},
};

/*
 * What a SQLSTATE says of whose fault it is, by its beginning; the first that fits. What stands in
 * no row is a refusal of what was asked: of these values, by this statement (ERR_STORE).
 */
static const struct {
    const char *begin;
    enum err    code;
    bool        ends; /* the connection is of no use any more, though it may still be open */
} states[] = {
    {"40001", ERR_STORE_CONFLICT, false}, /* serialization failure */
    {"40P01", ERR_STORE_CONFLICT, false}, /* deadlock */
    {"55P03", ERR_STORE_CONFLICT, false}, /* a lock was not available in time */
    {"08",    ERR_STORE_LOST,     false}, /* connection */
    {"57",    ERR_STORE_LOST,     false}, /* shut down, crashed, starting; a statement timed out */
    {"53",    ERR_STORE_LOST,     false}, /* no disk, memory or connections left */
    {"58",    ERR_STORE_LOST,     false}, /* its operating system fails */
    {"25006", ERR_STORE_LOST,     true }, /* it has become a standby */
    {"25P03", ERR_STORE_LOST,     true }, /* idle in a transaction for too long */
    {"26000", ERR_STORE_LOST,     true }, /* it does not know our prepared statements */
    {"0A000", ERR_STORE_UNFIT,    true }, /* a cached plan of tables that were changed, mostly */
    {"28",    ERR_STORE_UNFIT,    false}, /* we are not let in */
    {"3D",    ERR_STORE_UNFIT,    false}, /* there is no such database */
    {"3F",    ERR_STORE_UNFIT,    false}, /* there is no such schema */
    {"42",    ERR_STORE_UNFIT,    false}, /* no such table or column, or no right to it */
    {"F0",    ERR_STORE_UNFIT,    false}, /* its configuration */
    {"XX001", ERR_STORE_UNFIT,    false}, /* damaged data */
    {"XX002", ERR_STORE_UNFIT,    false}, /* a damaged index */
    {"BR",    ERR_DENIED,         false}, /* our own functions: who asks may not */
};

/* Messages of the server would go to stderr; what matters of them is that there was a warning. */
static void
note_message(void *object, const PGresult *message)
{
    struct store *store = object;
    const char   *severity = PQresultErrorField(message, PG_DIAG_SEVERITY_NONLOCALIZED);

    store->warned = store->warned || (severity != NULL && strcmp(severity, "WARNING") == 0);
}

void
session_close(struct store *store)
{
    PQfinish(store->link); /* accepts NULL */
    store->link = NULL;
    store->copying = false;
    memset(store->statements, 0, sizeof store->statements);
}

/* What libpq says without a result: its first line, which names hosts and roles, never values. */
static enum err
tell_lost(const struct store *store, const char *text, struct fault *fault)
{
    return FAIL(fault, ERR_STORE_LOST, "%s: %.*s", roles[store->role].user,
                (int)strcspn(text, "\n"), text);
}

void
store_while_waiting(void (*call)(void))
{
    while_waiting = call;
}

static void
show_life(void)
{
    if (while_waiting != NULL) {
        while_waiting();
    }
}

enum err
session_connect(struct store *store, struct fault *fault)
{
    char        options[SESSION_TEXT_MAX];
    const char *keys[] = {"host",
                          "port",
                          "dbname",
                          "user",
                          "application_name",
                          "options",
                          "target_session_attrs",
                          "client_encoding",
                          "connect_timeout",
                          "gssencmode",
                          "keepalives_idle",
                          "keepalives_interval",
                          "keepalives_count",
                          "tcp_user_timeout",
                          NULL};
    const char *values[] = {store->host,
                            store->port,
                            store->database,
                            roles[store->role].user,
                            roles[store->role].application,
                            options,
                            roles[store->role].target,
                            "UTF8",
                            "5",
                            "disable",
                            "10",
                            "5",
                            "3",
                            "20000",
                            NULL};

    _Static_assert(ARRAY_COUNT(keys) == ARRAY_COUNT(values), "each key has its value");
    (void)snprintf(options, sizeof options,
                   "-c statement_timeout=%s -c lock_timeout=10000"
                   " -c idle_in_transaction_session_timeout=60000 -c synchronous_commit=on"
                   " -c search_path=pg_catalog -c timezone=UTC -c jit=off"
                   " -c plan_cache_mode=force_generic_plan -c enable_seqscan=%s",
                   roles[store->role].statement_timeout_ms, roles[store->role].seqscan);
    session_close(store);
    show_life(); /* before seconds in which nothing can be said, and after them */
    PGconn *link = PQconnectdbParams(keys, values, 0);
    show_life();
    if (link == NULL) {
        return FAIL(fault, ERR_MEMORY, "connection to the database");
    }
    if (PQstatus(link) != CONNECTION_OK || PQsetnonblocking(link, 1) != 0) {
        enum err got = tell_lost(store, PQerrorMessage(link), fault);
        PQfinish(link);
        return got;
    }
    (void)PQsetNoticeReceiver(link, note_message, store);
    store->link = link;
    return ERR_OK;
}

enum err
session_need(struct store *store, struct fault *fault)
{
    if (store->link != NULL && PQstatus(store->link) == CONNECTION_OK) {
        return ERR_OK;
    }
    session_close(store);
    return tell_lost(store, "the connection is not open", fault);
}

/* Until the server has something to say, or room; false at the deadline. */
static bool
wait_for_server(const struct store *store, short events, int64_t deadline)
{
    struct pollfd socket = {.fd = PQsocket(store->link), .events = events};

    for (;;) {
        int64_t left = deadline - ticks_ms();
        int64_t now = left < WAIT_PART_MS ? left : WAIT_PART_MS;
        int     got = poll(&socket, 1, now < 0 ? 0 : (int)now);
        if (got > 0 || (got == 0 && left <= WAIT_PART_MS) || (got < 0 && errno != EINTR)) {
            return got > 0;
        }
        show_life();
    }
}

bool
session_flush(struct store *store)
{
    int64_t deadline = ticks_ms() + roles[store->role].answer_ms;
    int     left = PQflush(store->link);

    while (left == 1) {
        /* Also what comes is read: a server that cannot write reads no more either. */
        if (!wait_for_server(store, POLLIN | POLLOUT, deadline)
            || PQconsumeInput(store->link) == 0) {
            break;
        }
        left = PQflush(store->link);
    }
    if (left != 0) {
        session_close(store);
    }
    return left == 0;
}

/* One result; false when the connection is gone. */
static bool
take_result(struct store *store, int64_t deadline, PGresult **out)
{
    while (PQisBusy(store->link) != 0) {
        if (!wait_for_server(store, POLLIN, deadline) || PQconsumeInput(store->link) == 0) {
            return false;
        }
    }
    *out = PQgetResult(store->link);
    return true;
}

static bool
is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN;
}

PGresult *
session_answer(struct store *store)
{
    PGresult *kept = NULL;
    PGresult *next = NULL;

    if (!session_flush(store)) {
        return NULL;
    }
    int64_t deadline = ticks_ms() + roles[store->role].answer_ms;
    while (take_result(store, deadline, &next)) {
        if (next == NULL) {
            return kept;
        }
        if (kept != NULL && !is_good(kept)) {
            PQclear(next);
            continue;
        }
        PQclear(kept);
        kept = next;
        if (PQresultStatus(kept) == PGRES_COPY_IN) {
            return kept;
        }
    }
    /* A last word of the server ("terminating connection") is worth more than the silence. */
    session_close(store);
    if (kept != NULL && is_good(kept)) {
        PQclear(kept);
        kept = NULL;
    }
    return kept;
}

/* Number of its row; ARRAY_COUNT(states): none. */
static size_t
row_of_state(const char *state)
{
    size_t row = 0;

    while (row < ARRAY_COUNT(states)
           && strncmp(state, states[row].begin, strlen(states[row].begin)) != 0) {
        row++;
    }
    return row;
}

enum err
session_judge(struct store *store, const PGresult *result, const char *sql, struct fault *fault)
{
    enum { SQL_SHOWN = 60 };

    if (result == NULL) {
        (void)snprintf(store->sqlstate, sizeof store->sqlstate, "08006");
        return tell_lost(store, "the connection broke, or no answer came in time", fault);
    }
    if (is_good(result)) {
        return ERR_OK;
    }
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL || words == NULL) { /* libpq's own: the connection broke */
        state = "08006";
        words = "the connection broke";
    }
    /* Class 22 quotes the value that it refuses. */
    if (strncmp(state, "22", 2) == 0) {
        words = "a value was refused";
    }
    (void)snprintf(store->sqlstate, sizeof store->sqlstate, "%s", state);
    size_t   row = row_of_state(state);
    enum err code = row < ARRAY_COUNT(states) ? states[row].code : ERR_STORE;
    enum err told = FAIL(fault, code, "%s %.200s [%.*s]", state, words, SQL_SHOWN, sql);
    if (row < ARRAY_COUNT(states) && states[row].ends) {
        session_close(store);
    }
    return told;
}
