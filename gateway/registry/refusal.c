#include "gateway/registry/refusal.h"

#include <string.h>

enum err
refusal_tell(const struct store *store, enum err got, const struct refusal *refusals,
             struct str subject, struct fault *fault)
{
    for (; got == ERR_STORE && refusals->state != NULL; refusals++) {
        if (strcmp(store_sqlstate(store), refusals->state) == 0) {
            return FAIL(fault, ERR_DENIED, "Jednostka o REGON %.*s %s", STR_ARG(subject),
                        refusals->words);
        }
    }
    return got;
}
