#ifndef GATEWAY_CLI_RULES_COMMAND_H
#define GATEWAY_CLI_RULES_COMMAND_H

/*
 * `brama rules list` (every code with its severity and title) and `brama rules test` (the cases
 * that stand beside the rules). argv[0] is "rules". Returns enum exit_code.
 */
int rules_command(int argc, char **argv);

#endif
