#ifndef GATEWAY_ROLE_FILE_H
#define GATEWAY_ROLE_FILE_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * A small file that an operator keeps for us (a certificate, a list of trusted issuers), read whole
 * before the sandbox. Fails with ERR_FILE (also: not an ordinary file), ERR_LIMIT, ERR_MEMORY.
 */
MUST_USE enum err file_read(struct arena *arena, struct str path, size_t size_max, struct str *out,
                            struct fault *fault);

#endif
