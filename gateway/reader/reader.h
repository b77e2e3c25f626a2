#ifndef GATEWAY_READER_READER_H
#define GATEWAY_READER_READER_H

#include "gateway/role/role.h"

/*
 * The reader: answers questions of the front from the database under row-level security: who a
 * credential is, and every GET, as complete answers. Read-only transactions with SET LOCAL; default
 * deny. A question that cannot be read or answered ends the role: the front asks the next one.
 */
enum err reader_role(struct role_context *context, struct fault *fault);

#endif
