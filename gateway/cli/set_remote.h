#ifndef GATEWAY_CLI_SET_REMOTE_H
#define GATEWAY_CLI_SET_REMOTE_H

#include "gateway/cli/remote.h"

/*
 * What rules between reports found, as a submission names it, with what only the set itself says:
 * amounts, what to do, what was objected. Members are added to each finding of each report's set.
 * What may not be seen is left as it is, and nothing is told of it.
 */
void set_remote_enrich(const struct remote *remote, json_t *submission);

#endif
