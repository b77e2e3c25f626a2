#ifndef GATEWAY_CLI_RECEIPT_COMMAND_H
#define GATEWAY_CLI_RECEIPT_COMMAND_H

/* `brama receipt ID`: the signed receipt of a submission, byte for byte. argv[0] is "receipt". */
int receipt_command(int argc, char **argv);

#endif
