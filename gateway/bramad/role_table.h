#ifndef GATEWAY_BRAMAD_ROLE_TABLE_H
#define GATEWAY_BRAMAD_ROLE_TABLE_H

#include "gateway/role/role.h"

/*
 * What processes bramad consists of: one entry for each role, and who is linked with whom. The
 * supervisor and the birth of a role both read it; tests have tables of their own.
 */
enum role_inherits {
    ROLE_INHERITS_METRICS = 1 << 0,
    ROLE_INHERITS_LISTEN = 1 << 1,
    ROLE_INHERITS_HEALTH = 1 << 2,
    ROLE_INHERITS_KEY = 1 << 3,
    ROLE_INHERITS_WEBHOOK_KEY = 1 << 4, /* in the place of the other one */
};

struct role_entry {
    enum role_kind role;
    role_body     *body;
    unsigned       inherits;    /* of enum role_inherits */
    bool           wears_out;   /* that it ends with status 0 by itself is no failure */
    bool           stops_first; /* the others are told to stop when it has ended */
    int64_t (*processes)(const struct config *config);
    struct str (*user)(const struct config *config); /* when started as root; empty: stay */
    /* Without a sign of life for so long it is killed; NULL: never. */
    int64_t (*silence_ms)(const struct config *config);
};

/* Each process of one role has a link with each of the other, or only with that of its slot. */
struct role_peers {
    enum role_kind first;
    enum role_kind second;
    bool           same_slot;
};

struct role_table {
    const struct role_entry *entries;
    size_t                   entry_count;
    const struct role_peers *peers;
    size_t                   peer_count;
};

/* Whether these two belong together alone: linked, and only with that of its slot. */
bool role_table_paired(const struct role_table *table, struct link one, struct link other);

/* Whether the table wants a link between these two processes. */
bool role_table_linked(const struct role_table *table, struct link one, struct link other);

#endif
