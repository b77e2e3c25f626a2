#ifndef GATEWAY_CLI_ENTRY_REMOTE_H
#define GATEWAY_CLI_ENTRY_REMOTE_H

#include "gateway/cli/remote.h"

/*
 * An entry that a gateway keeps for a report: a code of a list and, where it helps, words of one's
 * own (--code, --text). What the commands that give one have in common: the reason of a correction,
 * the explanation of a query.
 */

/* remote_ask for JSON of this path. */
MUST_USE enum exit_code entry_remote_ask(const struct remote   *remote,
                                         struct client_request *request, struct str path,
                                         struct transfer_answer *answer, json_t **out);

/* The codes of this list, one a line, or as the gateway's JSON. */
MUST_USE enum exit_code entry_remote_tell_codes(const struct remote *remote, struct screen *screen,
                                                struct str path);

/* Give --code and --text there, over what bears this ETag. */
MUST_USE enum exit_code entry_remote_give(const struct remote *remote, struct str path,
                                          struct str etag, json_t **kept);

#endif
