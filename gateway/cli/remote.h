#ifndef GATEWAY_CLI_REMOTE_H
#define GATEWAY_CLI_REMOTE_H

#include "gateway/cli/exit_code.h"
#include "gateway/cli/remote_options.h"
#include "gateway/client/client.h"

#include <jansson.h>

/* A right that who asks may lack, while their request before did not need it. */
struct remote_right {
    const char *absence; /* told instead of the server's words */
    bool        lacking; /* it was told */
};

/*
 * A gateway as a command sees it: a request that went well gives what was asked for; one that did
 * not is told on the standard error, once, and gives the exit code of the command.
 */
struct remote {
    struct arena                *arena;
    const struct remote_options *options;
    struct client               *client;
    struct str                   about; /* the file that a refusal is of; may be empty */
    struct remote_right *right; /* what a 403 means from here on; NULL: what the server says */
};

/* Who we must be for a request. */
enum remote_identity { REMOTE_ANYBODY, REMOTE_SENDER };

MUST_USE enum exit_code remote_open(struct arena *arena, const struct remote_options *options,
                                    enum remote_identity identity, struct remote *out);

/* The bytes of an answer of 200, 201 or 202. */
MUST_USE enum exit_code remote_send(const struct remote         *remote,
                                    const struct client_request *request,
                                    struct transfer_answer      *out);

/* The same as JSON; it lives as long as remote's arena. */
MUST_USE enum exit_code remote_ask(const struct remote         *remote,
                                   const struct client_request *request,
                                   struct transfer_answer *answer, json_t **out);

/* "brama: <message>", then what the request was called, if the server said. */
void remote_complain(const char *message, struct str request_id);

/* One line of JSON, as the server said it. */
void remote_write_json(struct screen *screen, const json_t *value);

#endif
