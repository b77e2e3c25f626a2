#ifndef GATEWAY_CLI_RULES_RELEASE_COMMAND_H
#define GATEWAY_CLI_RULES_RELEASE_COMMAND_H

#include <stdbool.h>

/*
 * `brama rules publish | bundles | off | on`: what the owner of the rules does at the gateway, with
 * the rights of brama_admin: release definitions, list releases, switch a rule off and on again.
 */
bool rules_release_command_knows(const char *word);
int  rules_release_command(int argc, char **argv);

#endif
