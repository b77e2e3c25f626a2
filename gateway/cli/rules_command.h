#ifndef GATEWAY_CLI_RULES_COMMAND_H
#define GATEWAY_CLI_RULES_COMMAND_H

#include "validators/base/err.h"

/*
 * `brama rules list` (every code with its severity and title) and `brama rules test` (the cases
 * that stand beside the rules). argv[0] is "rules". Returns enum exit_code.
 */
int rules_command(int argc, char **argv);

struct arena;
struct catalogue;
struct screen;

/* lint, test and mutate in turn, until one of them says that something is to be mended: *code as
 * their exit codes. Fails as they do. */
MUST_USE enum err rules_command_prove(struct arena *arena, const struct catalogue *catalogue,
                                      struct screen *screen, int *code, struct fault *fault);

#endif
