#ifndef GATEWAY_DESK_DESK_ROLE_H
#define GATEWAY_DESK_DESK_ROLE_H

#include "gateway/role/role.h"

/*
 * The desk as a process: answers the petitions of the fronts it is linked with, one at a time, as
 * brama_desk. No network but the database, no keys, no XML, no documents.
 */
MUST_USE enum err desk_role(struct role_context *context, struct fault *fault);

#endif
