#include "tests/support/cluster.h"

#include "gateway/store/migration.h"
#include "tests/support/keeper.h"
#include "tests/support/mould.h"
#include "validators/base/buf.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

enum { DATABASE_NAME_MAX = 48, MADE_FROM_MAX = 4 << 20, ROOM = 64 << 20 };

/* The superuser's connection: kept from one statement to the next, as a new one costs the server
 * more than most statements do. */
struct kept {
    PGconn *connection; /* NULL: none */
    pid_t   owner;      /* a child of the test makes its own */
    char    database[DATABASE_NAME_MAX];
};

struct cluster {
    enum cluster_kind kind;
    struct keeper    *keeper;
    struct kept       kept;
};

/* What the whole of a test's work stands on has failed: say it and end. */
static void
give_up(const char *what, const char *why)
{
    (void)fprintf(stderr, "cluster: %s: %s\n", what, why);
    abort();
}

static PGconn *
connect_as(const struct cluster *cluster, const char *database)
{
    const char *keys[] = {"host", "port", "user", "dbname", NULL};
    const char *values[] = {cluster_host(cluster), KEEPER_PORT_TEXT, "postgres", database, NULL};
    PGconn     *connection = PQconnectdbParams(keys, values, 0);

    if (PQstatus(connection) != CONNECTION_OK) {
        give_up(database, PQerrorMessage(connection));
    }
    return connection;
}

static PGresult *
ask(PGconn *connection, const char *sql)
{
    PGresult      *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        give_up(sql, PQerrorMessage(connection));
    }
    return result;
}

static void
let_go(struct cluster *cluster)
{
    if (cluster->kept.owner == getpid()) {
        PQfinish(cluster->kept.connection);
    }
    cluster->kept = (struct kept){0};
}

/* Whether the other end is still there, and idle: what it sends unasked is its farewell. */
static bool
is_alive(const struct kept *kept)
{
    struct pollfd socket = {.fd = PQsocket(kept->connection), .events = POLLIN};

    return kept->owner == getpid() && PQstatus(kept->connection) == CONNECTION_OK
           && poll(&socket, 1, 0) == 0;
}

/* A connection in the state of a new one. */
static PGconn *
enter(struct cluster *cluster, const char *database)
{
    struct kept *kept = &cluster->kept;

    ENSURE(strlen(database) < DATABASE_NAME_MAX);
    if (kept->connection != NULL && strcmp(kept->database, database) == 0 && is_alive(kept)) {
        return kept->connection;
    }
    let_go(cluster);
    kept->connection = connect_as(cluster, database);
    kept->owner = getpid();
    (void)snprintf(kept->database, sizeof kept->database, "%s", database);
    return kept->connection;
}

/* Nothing of one statement is left for the next. */
static void
leave(struct cluster *cluster)
{
    if (PQtransactionStatus(cluster->kept.connection) != PQTRANS_IDLE) {
        let_go(cluster);
    } else {
        PQclear(ask(cluster->kept.connection, "DISCARD ALL"));
    }
}

void
cluster_run(struct cluster *cluster, const char *database, const char *sql)
{
    PQclear(ask(enter(cluster, database), sql));
    leave(cluster);
}

struct str
cluster_ask(struct cluster *cluster, struct arena *arena, const char *database, const char *sql)
{
    PGresult  *result = ask(enter(cluster, database), sql);
    struct str text = STR("");

    if (PQntuples(result) > 0 && PQnfields(result) > 0) {
        text = str_copy(arena, str_of(PQgetvalue(result, 0, 0)));
        ENSURE(text.data != NULL);
    }
    PQclear(result);
    leave(cluster);
    return text;
}

static struct store_address
address_of(const struct cluster *cluster, const char *database)
{
    return (struct store_address){
        .host = str_of(cluster_host(cluster)),
        .port = KEEPER_PORT,
        .database = str_of(database),
    };
}

/* The template of all databases, made by what makes them in production. */
static void
migrate_template(struct cluster *cluster)
{
    struct arena        *arena = arena_create((size_t)64 << 20U);
    struct fault         fault = {0};
    struct store        *owner = NULL;
    struct store_address address = address_of(cluster, "brama");
    size_t               count = 0;

    if (store_open(arena, &address, STORE_OWNER, &owner, &fault) != ERR_OK
        || migration_run(owner, arena, &count, &fault) != ERR_OK) {
        give_up("migrations", fault.text);
    }
    arena_destroy(arena);
}

struct store_address
cluster_database(struct cluster *cluster, const char *name)
{
    char sql[4 * DATABASE_NAME_MAX + 256];

    ENSURE(strlen(name) < DATABASE_NAME_MAX);
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s OWNER brama_owner TEMPLATE brama", name);
    cluster_run(cluster, "postgres", sql);
    /* The rights to a database are the one thing that its copy does not inherit. */
    (void)snprintf(sql, sizeof sql,
                   "REVOKE ALL ON DATABASE %s FROM PUBLIC;"
                   "GRANT CONNECT ON DATABASE %s"
                   " TO brama_writer, brama_reader, brama_desk, brama_courier, brama_admin",
                   name, name);
    cluster_run(cluster, "postgres", sql);
    return address_of(cluster, name);
}

const char *
cluster_host(const struct cluster *cluster)
{
    return keeper_folder(cluster->keeper);
}

int
cluster_port(const struct cluster *cluster)
{
    (void)cluster;
    return KEEPER_PORT;
}

const char *
cluster_folder(const struct cluster *cluster)
{
    return keeper_data(cluster->keeper);
}

/* What decides how an empty cluster looks: its roles and its migrations. */
static struct str
made_from(struct arena *arena)
{
    struct buf text = buf_create(arena, MADE_FROM_MAX);

    mould_append(&text, BRAMA_SOURCE_DIR "/ops/roles.sql");
    for (size_t i = 0; i < migration_count(); i++) {
        buf_format(&text, "%s\n%s\n", migration_at(i)->name, migration_at(i)->sql);
    }
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

/* A cluster with its roles and the template of its databases, halted in good order. */
static void
make_mould(const char *folder, void *user)
{
    struct cluster cluster = {.keeper = keeper_start(KEEPER_ON_DISK)};

    (void)user;
    keeper_initialize(cluster.keeper);
    keeper_launch(cluster.keeper, false);
    keeper_psql(cluster.keeper, BRAMA_SOURCE_DIR "/ops/roles.sql");
    migrate_template(&cluster);
    keeper_halt(cluster.keeper);
    mould_copy(keeper_data(cluster.keeper), folder);
    keeper_end(cluster.keeper);
}

struct cluster *
cluster_start(enum cluster_kind kind)
{
    static struct cluster clusters[4];
    static size_t         started;
    struct arena         *arena = arena_create(ROOM);

    ENSURE(started < ARRAY_COUNT(clusters));
    struct cluster *cluster = &clusters[started++];
    const char     *mould = mould_find(arena, "cluster", made_from(arena), make_mould, NULL);
    *cluster = (struct cluster){
        .kind = kind,
        .keeper = keeper_start(kind == CLUSTER_DURABLE ? KEEPER_ON_DISK : KEEPER_IN_MEMORY)};
    keeper_copy(cluster->keeper, mould);
    keeper_launch(cluster->keeper, kind == CLUSTER_DURABLE);
    arena_destroy(arena);
    return cluster;
}

void
cluster_stop(struct cluster *cluster)
{
    if (cluster != NULL) {
        let_go(cluster);
        keeper_end(cluster->keeper);
    }
}

void
cluster_open_to_all(struct cluster *cluster)
{
    keeper_open_to_all(cluster->keeper);
}

void
cluster_kill(struct cluster *cluster)
{
    let_go(cluster);
    keeper_kill(cluster->keeper);
}

void
cluster_restart(struct cluster *cluster)
{
    let_go(cluster);
    keeper_halt(cluster->keeper);
    keeper_launch(cluster->keeper, cluster->kind == CLUSTER_DURABLE);
}

struct cluster *cluster_shared;

int
cluster_share(void **state)
{
    (void)state;
    cluster_shared = cluster_start(CLUSTER_FAST);
    return 0;
}

int
cluster_unshare(void **state)
{
    (void)state;
    cluster_stop(cluster_shared);
    return 0;
}
