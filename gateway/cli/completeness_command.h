#ifndef GATEWAY_CLI_COMPLETENESS_COMMAND_H
#define GATEWAY_CLI_COMPLETENESS_COMMAND_H

/* `brama completeness`: how much of what is owed is here, as the gateway knows it. */
int completeness_command(int argc, char **argv);

#endif
