#ifndef GATEWAY_CLI_DIFF_COMMAND_H
#define GATEWAY_CLI_DIFF_COMMAND_H

/* `brama diff`: what a correction changes, of two files offline or of two submissions at a gateway.
 */
int diff_command(int argc, char **argv);

#endif
