#ifndef GATEWAY_CLI_WITHDRAW_COMMAND_H
#define GATEWAY_CLI_WITHDRAW_COMMAND_H

/* `brama withdraw`: take back a submission of which nothing is accepted. */
int withdraw_command(int argc, char **argv);

#endif
