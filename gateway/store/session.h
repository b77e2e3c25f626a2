#ifndef GATEWAY_STORE_SESSION_H
#define GATEWAY_STORE_SESSION_H

#include "gateway/store/store.h"

/* PGconn and PGresult of libpq. */
struct pg_conn;
struct pg_result;

/*
 * The connection behind a store: how it is made, how an answer is waited for, how a failure is
 * told. libpq runs in its non-blocking mode and we wait with a deadline, so that a server that
 * hangs with its socket open is given up like one that is gone. For gateway/store's own files only.
 */
enum {
    SESSION_TEXT_MAX = 256,
    SESSION_STATEMENTS_MAX = 256, /* a power of two; more than that run unprepared */
    SESSION_CHUNK = 128 * 1024,
};

struct store {
    struct pg_conn *link; /* NULL: not open */
    enum store_role role;
    char            host[SESSION_TEXT_MAX];
    char            database[SESSION_TEXT_MAX];
    char            port[8];
    char            sqlstate[8];
    bool            warned;                             /* by the server, since the last send */
    bool            copying;                            /* a COPY has begun and not ended */
    const char     *statements[SESSION_STATEMENTS_MAX]; /* prepared here, by address */
    char            chunk[SESSION_CHUNK];               /* of a COPY */
};

MUST_USE enum err session_connect(struct store *store, struct fault *fault);
void              session_close(struct store *store);

/* ERR_STORE_LOST unless the session is open. */
MUST_USE enum err session_need(struct store *store, struct fault *fault);

/* Send what libpq holds back. False when the connection is gone; it is closed then. */
MUST_USE bool session_flush(struct store *store);

/*
 * All that the server answers to what was sent: the first failure, otherwise the last result, or
 * the one that begins a COPY. NULL when the connection is gone; it is closed then. PQclear it.
 */
MUST_USE struct pg_result *session_answer(struct store *store);

/* Tell a failed result (NULL: the connection is gone); ERR_OK for a good one. Clears nothing, but
 * closes a session that has become of no use, so that it is opened anew. */
MUST_USE enum err session_judge(struct store *store, const struct pg_result *result,
                                const char *sql, struct fault *fault);

#endif
