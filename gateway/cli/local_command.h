#ifndef GATEWAY_CLI_LOCAL_COMMAND_H
#define GATEWAY_CLI_LOCAL_COMMAND_H

#include "gateway/cli/exit_code.h"
#include "gateway/cli/screen.h"
#include "validators/base/err.h"

/*
 * What the commands that look at definitions and need no gateway have in common: words, --rules and
 * --help, and that what was printed arrives whole. The body does the rest.
 */
enum { LOCAL_WORDS_MAX = 2 };

struct local {
    struct arena *arena;
    const char   *rules; /* folder of definitions; NULL: those of the program */
    const char   *words[LOCAL_WORDS_MAX];
    size_t        word_count;
};

struct local_command {
    const char           *help;
    const char           *wrong; /* told of a call that cannot be understood */
    size_t                words_min;
    size_t                words_max;
    enum screen_colouring colouring;
    int (*run)(const struct local *local, struct screen *screen); /* an exit code */
};

int local_command_run(const struct local_command *command, int argc, char **argv);

/* The definitions cannot be read (3), or something is wrong with them: the given code. */
int local_command_refuse(const struct local *local, const struct fault *fault, int otherwise);

#endif
