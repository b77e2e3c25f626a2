#ifndef GATEWAY_STORE_MIGRATION_H
#define GATEWAY_STORE_MIGRATION_H

#include "gateway/store/store.h"

/*
 * Numbered changes of the database, ops/migrations/NNNN_what.sql, built into the program. Each runs
 * once, in a transaction of its own, under one advisory lock, and is remembered with its SHA-256 in
 * public.migration. Applied ones are never changed: another checksum is refused, and so is a
 * database that has a later one and not an earlier one. Refusals are in Polish: whoever starts the
 * gateway reads them.
 */
struct migration {
    int         number;
    const char *name; /* "0001_foundation" */
    const char *sql;
};

size_t                  migration_count(void);
const struct migration *migration_at(size_t index);

/* What the database has and what this program knows. */
struct migration_state {
    int applied; /* number of the last one applied; 0: none */
    int known;   /* number of the last one built in */
    int missing; /* the first one built in that was passed over, below `applied`; 0: none */
};

/* Apply what is missing, as brama_owner. ERR_STORE (also: an applied one has changed, is unknown to
 * us, or stands above one that was passed over). *count: how many were applied now. */
MUST_USE enum err migration_run(struct store *store, struct arena *arena, size_t *count,
                                struct fault *fault);

/* The same for a list of one's own; migration_run does it with what is built in. */
MUST_USE enum err migration_apply(struct store *store, struct arena *arena,
                                  const struct migration *list, size_t list_count, size_t *count,
                                  struct fault *fault);

/* What stands there, as any of the roles. */
MUST_USE enum err migration_look(struct store *store, struct arena *arena,
                                 struct migration_state *out, struct fault *fault);

#endif
