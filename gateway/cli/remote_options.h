#ifndef GATEWAY_CLI_REMOTE_OPTIONS_H
#define GATEWAY_CLI_REMOTE_OPTIONS_H

#include "gateway/cli/arguments.h"
#include "gateway/cli/screen.h"

/*
 * Options of the commands that talk to a gateway. Where it is and who we are comes from an option,
 * else from the environment (BRAMA_SERVER, BRAMA_CA, BRAMA_TOKEN, BRAMA_TOKEN_FILE); the token
 * itself never from the command line. A certificate or a file of a token in the call leaves the
 * token of the environment out; both of them in one call are refused.
 */
enum { REMOTE_RETRY_SECONDS = 60, REMOTE_WAIT_SECONDS = 300, REMOTE_SECONDS_MAX = 86400 };

struct remote_options {
    bool        help;
    bool        json;
    bool        csv;
    bool        no_colour;
    const char *server;
    const char *ca;
    const char *token; /* from the environment only */
    const char *token_file;
    const char *certificate;
    const char *certificate_key;
    const char *retry; /* seconds, as written; so below */
    int64_t     retry_seconds;
    bool        wait;
    const char *wait_value;
    int64_t     wait_seconds;

    /* submit */
    const char *key; /* "auto", NULL: as auto */
    bool        strict;
    bool        dry_run;
    const char *receipts; /* folder */
    const char *objection;
    const char *why; /* of the objection */

    /* list */
    const char *state;
    const char *period;
    const char *limit_value;
    int64_t     limit;

    /* receipt */
    const char *output;
    bool        html;
    const char *n_value;
    int64_t     n; /* 0: the newest */
    const char *unit;

    /* reason, answer */
    const char *code;
    const char *text;
    const char *report_value;
    int64_t     report; /* 0: not said */

    /* answer */
    const char *file;
    const char *finding_value;
    int64_t     finding; /* 0: not said */
    bool        partial;
    const char *set_value;
    int64_t     set;    /* 0: not said */
    bool        object; /* to a rule of a set */

    /* verify */
    bool        offline;
    const char *trust;
    const char *stamp_trust;

    /* obligations, completeness */
    bool        ics;
    bool        missing;
    const char *by;

    const char **words;
    size_t       word_count;
};

/* Which of the groups above a command takes, besides the common ones. */
enum remote_option_group {
    REMOTE_SUBMIT = 1,
    REMOTE_STATUS = 2,
    REMOTE_LIST = 4,
    REMOTE_RECEIPT = 8,
    REMOTE_VERIFY = 16,
    REMOTE_OBLIGATIONS = 32,
    REMOTE_COMPLETENESS = 64,
    REMOTE_DIFF = 128,
    REMOTE_WITHDRAW = 256,
    REMOTE_REASON = 512,
    REMOTE_ANSWER = 1024
};

/* Lines about the common options, for every help. */
extern const char remote_options_help[];

MUST_USE enum err remote_options_read(struct arena *arena, enum remote_option_group group, int argc,
                                      char **argv, struct remote_options *out, struct fault *fault);

#endif
