#ifndef GATEWAY_CLI_STATUS_COMMAND_H
#define GATEWAY_CLI_STATUS_COMMAND_H

/* `brama status [ID]`: one submission, or the gateway itself. argv[0] is "status". */
int status_command(int argc, char **argv);

#endif
