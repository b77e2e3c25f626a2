#ifndef GATEWAY_CLI_CALENDAR_COMMAND_H
#define GATEWAY_CLI_CALENDAR_COMMAND_H

/* `brama calendar`: which report is due when, offline. Returns an exit code. */
int calendar_command(int argc, char **argv);

#endif
