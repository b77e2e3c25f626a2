#include "gateway/bramad/role_table.h"

bool
role_table_linked(const struct role_table *table, struct link one, struct link other)
{
    for (size_t i = 0; i < table->peer_count; i++) {
        const struct role_peers *peers = &table->peers[i];
        bool                     joined = (one.peer == peers->first && other.peer == peers->second)
                      || (one.peer == peers->second && other.peer == peers->first);
        if (joined) {
            return !peers->same_slot || one.slot == other.slot;
        }
    }
    return false;
}
