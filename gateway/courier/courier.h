#ifndef GATEWAY_COURIER_COURIER_H
#define GATEWAY_COURIER_COURIER_H

#include "gateway/role/role.h"

/*
 * The courier: everything that goes out of here, from the outbox. It reads committed rows only and
 * nobody waits for it: when it is down they wait, and it goes on where their leases say. It has the
 * key of webhooks (context->key, -1: none) and no other; a database role of its own.
 */
enum err courier_role(struct role_context *context, struct fault *fault);

#endif
