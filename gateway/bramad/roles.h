#ifndef GATEWAY_BRAMAD_ROLES_H
#define GATEWAY_BRAMAD_ROLES_H

#include "gateway/bramad/role_table.h"

/* The table of what users run (design.md 3): the only place that knows every role. */
extern const struct role_table roles_table;

#endif
