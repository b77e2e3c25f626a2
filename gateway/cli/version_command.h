#ifndef GATEWAY_CLI_VERSION_COMMAND_H
#define GATEWAY_CLI_VERSION_COMMAND_H

/* `brama version`: the version of the program and the digest of its definitions. */
int version_command(int argc, char **argv);

#endif
