#ifndef GATEWAY_CLI_REASON_COMMAND_H
#define GATEWAY_CLI_REASON_COMMAND_H

/* `brama reason`: why a report was corrected, asked or told. */
int reason_command(int argc, char **argv);

#endif
