#ifndef GATEWAY_CLI_VERIFY_COMMAND_H
#define GATEWAY_CLI_VERIFY_COMMAND_H

/*
 * `brama verify UPO.xml [REPORT.xml]`: whether a receipt is genuine and unaltered, whether it is of
 * this file, and what it states. Needs neither an account nor the network.
 */
int verify_command(int argc, char **argv);

#endif
