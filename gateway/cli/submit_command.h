#ifndef GATEWAY_CLI_SUBMIT_COMMAND_H
#define GATEWAY_CLI_SUBMIT_COMMAND_H

/* `brama submit FILE...`: file packages at a gateway; safe to run again. argv[0] is "submit". */
int submit_command(int argc, char **argv);

#endif
