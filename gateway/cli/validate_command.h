#ifndef GATEWAY_CLI_VALIDATE_COMMAND_H
#define GATEWAY_CLI_VALIDATE_COMMAND_H

/* `brama validate`: judge files offline. argv[0] is "validate". Returns enum exit_code. */
int validate_command(int argc, char **argv);

#endif
