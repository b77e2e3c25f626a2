#ifndef GATEWAY_CLI_OPERATOR_COMMAND_H
#define GATEWAY_CLI_OPERATOR_COMMAND_H

#include "gateway/admin/admin.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/screen.h"

/*
 * What the commands of `brama` have in common that work on the operator's database: options,
 * --help, what becomes of a failure, and that what was printed arrives whole. The body does the
 * rest.
 */

/* One run: what was asked, where it is printed, what comes of it. */
struct operator_turn {
    struct admin   admin;
    struct screen *screen;
    int            code; /* EXIT_ACCEPTED unless the body says otherwise */
};

typedef enum err operator_task(struct operator_turn *turn, struct fault *fault);

struct operator_command {
    const char    *help;
    struct str     about;    /* what a complaint is about */
    int            words;    /* of the call before its options: "brama rules publish" 2 */
    uint64_t       options;  /* beside those of the connection */
    bool           argument; /* it may have one */
    operator_task *run;
};

int operator_command_run(const struct operator_command *command, int argc, char **argv);

/* Connect, and begin. */
MUST_USE enum err operator_command_open(struct operator_turn *turn, struct fault *fault);

/* The same with one snapshot, in which nothing can be written. */
MUST_USE enum err operator_command_snapshot(struct operator_turn *turn, struct fault *fault);

#endif
