#ifndef GATEWAY_CLI_REMOTE_COMMAND_H
#define GATEWAY_CLI_REMOTE_COMMAND_H

#include "gateway/cli/remote.h"

/*
 * What the commands that talk to a gateway have in common: options, --help, the connection, and
 * that what was printed arrives whole. The body does the rest.
 */
struct remote_command {
    const char              *name; /* "submit" */
    const char              *help; /* what stands before the lines about the connection */
    enum remote_option_group group;
    enum remote_identity     identity;
    size_t                   words_min;
    size_t                   words_max;
    const char              *words_fault; /* told when there are fewer or more */
    enum exit_code (*run)(const struct remote *remote, struct screen *screen);
};

int remote_command_run(const struct remote_command *command, int argc, char **argv);

#endif
