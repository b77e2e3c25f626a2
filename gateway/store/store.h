#ifndef GATEWAY_STORE_STORE_H
#define GATEWAY_STORE_STORE_H

#include "gateway/store/copy.h"
#include "gateway/store/parameters.h"
#include "gateway/store/rows.h"
#include "validators/base/err.h"

/*
 * A connection to PostgreSQL, and the few things that all who use it share: prepared statements,
 * binary parameters, COPY BINARY, migrations, the difference between "refused", "try again", "lost"
 * and "nobody knows whether it committed". With gateway/store's own files the only includer of
 * libpq. Knows no table but its own list of migrations. Single-threaded; every call returns within
 * bounded time, also when the server hangs: statement_timeout and lock_timeout are set on the
 * server, and a deadline behind them here.
 *
 * Failures: ERR_STORE_LOST (the connection is gone, the server has no room, memory or disk left,
 * did not answer in time or is a standby now; nothing was committed by this transaction),
 * ERR_STORE_UNCERTAIN (it went during COMMIT), ERR_STORE_CONFLICT (40001, 40P01, 55P03: again),
 * ERR_STORE_UNFIT (this database is not what the program needs, whatever is asked of it: a table or
 * a right is missing, data are damaged), ERR_STORE (everything else: what was asked), ERR_MEMORY.
 * The text has SQLSTATE and the server's words, never a value.
 *
 * Names in statements are qualified (intake.report): the search path holds pg_catalog alone.
 */
struct store;

enum store_role { STORE_OWNER, STORE_WRITER, STORE_READER, STORE_ADMIN, STORE_DESK, STORE_COURIER };

struct store_address {
    struct str host; /* folder of the socket, or an address */
    int64_t    port;
    struct str database;
};

/* Connect as brama_owner, brama_writer, ...; closed with the arena. */
MUST_USE enum err store_open(struct arena *arena, const struct store_address *address,
                             enum store_role role, struct store **out, struct fault *fault);

/*
 * ERR_STORE when the server may lose what it has committed: fsync, full_page_writes or
 * synchronous_commit off, damaged pages zeroed or ignored. Whoever serves asks once at start.
 */
MUST_USE enum err store_check_durability(struct store *store, struct arena *arena,
                                         struct fault *fault);

/* Close and connect again after ERR_STORE_LOST or ERR_STORE_UNCERTAIN; one attempt. */
MUST_USE enum err store_reopen(struct store *store, struct fault *fault);

/* Called about once a second while an answer is waited for, and before and after an attempt to
 * connect (5 s at most), so that others see that we live. */
void store_while_waiting(void (*call)(void));

bool store_is_open(const struct store *store);
int  store_socket(const struct store *store); /* to wait for; -1 when it is not open */

/* SQLSTATE of the newest failure on this store, "23505"; "" before the first. */
const char *store_sqlstate(const struct store *store);

/*
 * Run one statement, prepared at its first use on a connection under its address: sql must be a
 * constant text, always with parameters of the same types. parameters may be NULL: none. rows may
 * be NULL; otherwise the answer lives in arena.
 */
MUST_USE enum err store_run(struct store *store, const char *sql,
                            const struct store_parameters *parameters, struct arena *arena,
                            struct store_rows *rows, struct fault *fault);

/* Several statements without parameters, as one simple query (migrations, views). */
MUST_USE enum err store_script(struct store *store, const char *sql, struct fault *fault);

/* A transaction. A commit of one that has failed before is ERR_STORE; it is over all the same. */
MUST_USE enum err store_begin(struct store *store, struct fault *fault);
MUST_USE enum err store_commit(struct store *store, struct fault *fault); /* ERR_STORE_UNCERTAIN */
void              store_rollback(struct store *store); /* also when there is no transaction */

#endif
