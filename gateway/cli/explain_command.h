#ifndef GATEWAY_CLI_EXPLAIN_COMMAND_H
#define GATEWAY_CLI_EXPLAIN_COMMAND_H

/*
 * `brama explain CODE`: all that the definitions say of a code of a finding. argv[0] is "explain".
 * Returns enum exit_code; an unknown code is EXIT_USAGE.
 */
int explain_command(int argc, char **argv);

#endif
