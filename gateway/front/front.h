#ifndef GATEWAY_FRONT_FRONT_H
#define GATEWAY_FRONT_FRONT_H

#include "gateway/role/role.h"

/*
 * The front: HTTP/1.1 by libmicrohttpd on a Unix socket behind nginx. Asks a reader who the
 * credential is before it takes a body, spools the body into a memfd while hashing it, hands it to
 * a worker (round robin by credential, one at a time of each credential while others wait), holds
 * those who wait. No XML, no database, no key. One thread, one loop.
 */
enum err front_role(struct role_context *context, struct fault *fault);

#endif
