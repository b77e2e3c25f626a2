#ifndef GATEWAY_CLI_OBLIGATIONS_COMMAND_H
#define GATEWAY_CLI_OBLIGATIONS_COMMAND_H

/* `brama obligations`: what is owed, until when, and what became of it, as the gateway knows it. */
int obligations_command(int argc, char **argv);

#endif
