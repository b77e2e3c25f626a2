#ifndef GATEWAY_BRAMAD_RUN_COMMAND_H
#define GATEWAY_BRAMAD_RUN_COMMAND_H

#include "gateway/bramad/options.h"

/* `bramad --config FILE`: everything until it is told to stop; the exit status. */
int run_command(const struct options *options);

#endif
