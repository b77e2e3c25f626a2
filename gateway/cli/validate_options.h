#ifndef GATEWAY_CLI_VALIDATE_OPTIONS_H
#define GATEWAY_CLI_VALIDATE_OPTIONS_H

#include "gateway/cli/screen.h"
#include "validators/base/err.h"
#include "validators/base/moment.h"
#include "validators/catalogue/catalogue.h"

/* What `brama validate` was asked to do. All texts are borrowed from argv. */
enum validate_format {
    VALIDATE_TEXT,
    VALIDATE_JSON,
    VALIDATE_CSV,
    VALIDATE_SARIF,
    VALIDATE_ESS,
    VALIDATE_ESS_CSV
};

struct validate_options {
    bool                  help;
    bool                  quiet;
    enum validate_format  format;
    enum screen_colouring colouring;
    enum environment      environment;
    const char           *rules; /* NULL: the built-in ones */
    const char           *trust; /* NULL: none */
    bool                  at_given;
    moment                at;
    const char          **files; /* at least one, unless help */
    size_t                file_count;
};

/*
 * Read argv[1..]; options may stand anywhere before "--", values as "--at WHEN" or "--at=WHEN".
 * Fails with ERR_USAGE (Polish text) or ERR_MEMORY.
 */
MUST_USE enum err validate_options_read(struct arena *arena, int argc, char **argv,
                                        struct validate_options *out, struct fault *fault);

#endif
