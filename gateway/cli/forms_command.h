#ifndef GATEWAY_CLI_FORMS_COMMAND_H
#define GATEWAY_CLI_FORMS_COMMAND_H

/* `brama forms list` and `brama forms example CODE`; argv[0] is "forms". The exit code. */
int forms_command(int argc, char **argv);

#endif
