#ifndef TESTS_SUPPORT_CLUSTER_H
#define TESTS_SUPPORT_CLUSTER_H

#include "gateway/store/store.h"

/*
 * A private PostgreSQL in a temporary folder, for tests: a Unix socket and nothing else, trust
 * inside the folder, the roles of ops/roles.sql, and as many migrated databases as a test wants.
 * Started by root it runs as the system user `postgres`, otherwise as ourselves. A keeper process
 * ends it and removes the folder when the test ends, however it ends.
 *
 * What cannot be done here aborts the test with a message: a test has nothing to do without it.
 */
struct cluster;

enum cluster_kind {
    CLUSTER_DURABLE, /* as in production: fsync on */
    CLUSTER_FAST,    /* fsync off, for tests that kill nothing */
};

struct cluster *cluster_start(enum cluster_kind kind);

/* End the server and remove the folder. Accepts NULL. */
void cluster_stop(struct cluster *cluster);

/* Set-up and end of a group of tests that share a fast cluster, which stands here meanwhile. */
extern struct cluster *cluster_shared;

int cluster_share(void **state);
int cluster_unshare(void **state);

/* Let every user of this machine reach the socket: for roles that run as users of their own. */
void cluster_open_to_all(struct cluster *cluster);

const char *cluster_host(const struct cluster *cluster); /* folder of the socket */
int         cluster_port(const struct cluster *cluster);
const char *cluster_folder(const struct cluster *cluster); /* of the data: to fill its disk */

/* A fresh database with all migrations applied: made by copying a template. name: a lower-case
 * word, new. The address is borrowed from name and cluster. */
struct store_address cluster_database(struct cluster *cluster, const char *name);

/* SIGKILL to every process of the server at once, as when the machine loses power; returns when
 * they are gone. */
void cluster_kill(struct cluster *cluster);

/* Start the server again after cluster_kill, or stop (fast) and start it; returns when it accepts.
 */
void cluster_restart(struct cluster *cluster);

/* As superuser: statements; the first column of the first row as text (empty: no row, or NULL). */
void       cluster_run(struct cluster *cluster, const char *database, const char *sql);
struct str cluster_ask(struct cluster *cluster, struct arena *arena, const char *database,
                       const char *sql);

#endif
