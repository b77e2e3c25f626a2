#ifndef GATEWAY_BRAMAD_OPTIONS_H
#define GATEWAY_BRAMAD_OPTIONS_H

#include <stdbool.h>

/* The command line of bramad. Complaints go to stderr, in Polish. */
enum options_command {
    OPTIONS_RUN = 1,
    OPTIONS_CHECK_CONFIG,
    OPTIONS_MIGRATE,
    OPTIONS_VERSION,
    OPTIONS_HELP
};

enum { STATUS_OK = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

struct options {
    enum options_command command;
    const char          *config;       /* path */
    bool                 config_named; /* by the call, not by default */
    int                  ready_fd;     /* -1: nobody waits */
    bool                 status;       /* migrate --status: look, change nothing */
};

extern const char options_help[];

/* False: the call is wrong, and the reason has been told. */
bool options_parse(int argc, char **argv, struct options *out);

#endif
