#ifndef GATEWAY_ADMIN_ADMIN_HELP_H
#define GATEWAY_ADMIN_ADMIN_HELP_H

#include <stdio.h>

/* How `brama admin` is used, all of it. */
void admin_help_write(FILE *out);

#endif
