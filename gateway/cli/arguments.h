#ifndef GATEWAY_CLI_ARGUMENTS_H
#define GATEWAY_CLI_ARGUMENTS_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * The words of a command line, sorted by a table of the command's options. Options may stand
 * anywhere before "--", values as "--at WHEN" or "--at=WHEN". Everything is borrowed from argv.
 */
struct argument {
    const char  *name;              /* "--server" */
    bool        *flag;              /* set when the option is there; may be NULL */
    const char **value;             /* its value; NULL when it takes none */
    bool         value_is_optional; /* then only "--wait=60" gives one */
};

struct arguments {
    const struct argument *options;
    size_t                 option_count;
    const char           **words; /* what is no option, in order; room for argc */
    size_t                 word_count;
};

/* argv[1..]. ERR_USAGE with a Polish text; ERR_MEMORY. */
MUST_USE enum err arguments_read(struct arena *arena, int argc, char **argv,
                                 struct arguments *arguments, struct fault *fault);

#endif
