#ifndef GATEWAY_CLI_REPLAY_COMMAND_H
#define GATEWAY_CLI_REPLAY_COMMAND_H

/*
 * `brama replay RECEIPT [--database MIEJSCE:PORT/NAZWA | --config PLIK]`: makes a stored decision
 * once more and compares it with what is stored (replay.h). At the gateway's operator, with the
 * rights of brama_admin, and writes nothing.
 */
int replay_command(int argc, char **argv);

#endif
