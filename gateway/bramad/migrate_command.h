#ifndef GATEWAY_BRAMAD_MIGRATE_COMMAND_H
#define GATEWAY_BRAMAD_MIGRATE_COMMAND_H

#include "gateway/bramad/options.h"

/* `bramad migrate [--status]`: the schema of this program, and the views of its forms. */
int migrate_command(const struct options *options);

#endif
