#include "tests/support/cluster.h"

#include "gateway/store/migration.h"
#include "tests/support/keeper.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <string.h>

enum { DATABASE_NAME_MAX = 48 };

struct cluster {
    enum cluster_kind kind;
    struct keeper    *keeper;
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

void
cluster_run(struct cluster *cluster, const char *database, const char *sql)
{
    PGconn *connection = connect_as(cluster, database);

    PQclear(ask(connection, sql));
    PQfinish(connection);
}

struct str
cluster_ask(struct cluster *cluster, struct arena *arena, const char *database, const char *sql)
{
    PGconn    *connection = connect_as(cluster, database);
    PGresult  *result = ask(connection, sql);
    struct str text = STR("");

    if (PQntuples(result) > 0 && PQnfields(result) > 0) {
        text = str_copy(arena, str_of(PQgetvalue(result, 0, 0)));
        ENSURE(text.data != NULL);
    }
    PQclear(result);
    PQfinish(connection);
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

struct cluster *
cluster_start(enum cluster_kind kind)
{
    static struct cluster clusters[4];
    static size_t         started;

    ENSURE(started < ARRAY_COUNT(clusters));
    struct cluster *cluster = &clusters[started++];
    *cluster = (struct cluster){.kind = kind, .keeper = keeper_start()};
    keeper_launch(cluster->keeper, kind == CLUSTER_DURABLE);
    keeper_psql(cluster->keeper, BRAMA_SOURCE_DIR "/ops/roles.sql");
    migrate_template(cluster);
    return cluster;
}

void
cluster_stop(struct cluster *cluster)
{
    if (cluster != NULL) {
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
    keeper_kill(cluster->keeper);
}

void
cluster_restart(struct cluster *cluster)
{
    keeper_halt(cluster->keeper);
    keeper_launch(cluster->keeper, cluster->kind == CLUSTER_DURABLE);
}
