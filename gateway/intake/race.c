#include "gateway/intake/race.h"

#include <string.h>

enum err
race_tell(const struct store *store, enum err failed, struct fault *fault)
{
    if (failed == ERR_STORE && strcmp(store_sqlstate(store), "23505") == 0) {
        return FAIL(fault, ERR_STORE_CONFLICT, "another worker was first (SQLSTATE 23505)");
    }
    return failed;
}
