#include "gateway/bramad/role_table.h"

static const struct role_peers *
find_peers(const struct role_table *table, enum role_kind one, enum role_kind other)
{
    for (size_t i = 0; i < table->peer_count; i++) {
        const struct role_peers *peers = &table->peers[i];
        if ((one == peers->first && other == peers->second)
            || (one == peers->second && other == peers->first)) {
            return peers;
        }
    }
    return NULL;
}

bool
role_table_paired(const struct role_table *table, struct link one, struct link other)
{
    const struct role_peers *peers = find_peers(table, one.peer, other.peer);

    return peers != NULL && peers->same_slot && one.slot == other.slot;
}

bool
role_table_linked(const struct role_table *table, struct link one, struct link other)
{
    const struct role_peers *peers = find_peers(table, one.peer, other.peer);

    return peers != NULL && (!peers->same_slot || one.slot == other.slot);
}
