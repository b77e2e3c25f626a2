#ifndef GATEWAY_BRAMAD_CHECK_COMMAND_H
#define GATEWAY_BRAMAD_CHECK_COMMAND_H

#include "gateway/bramad/options.h"

/* `bramad --check-config FILE`: every fault with its line; the exit status. */
int check_command(const struct options *options);

#endif
