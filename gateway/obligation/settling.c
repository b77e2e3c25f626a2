#include "gateway/obligation/settling.h"

static const char settle_sql[] = "SELECT obligation.settle($1)";

enum err
settling_run(struct store *store, struct arena *arena, const struct uuid *ids, size_t count,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    if (count == 0) {
        return ERR_OK;
    }
    store_put_uuids(&parameters, ids, count);
    return store_run(store, settle_sql, &parameters, arena, NULL, fault);
}
