#ifndef GATEWAY_CLI_LIST_COMMAND_H
#define GATEWAY_CLI_LIST_COMMAND_H

/* `brama list`: submissions that we may see, newest first. argv[0] is "list". */
int list_command(int argc, char **argv);

#endif
