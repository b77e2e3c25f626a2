#ifndef GATEWAY_CLI_QUERY_H
#define GATEWAY_CLI_QUERY_H

#include "validators/base/buf.h"

/* Parameters of an address, made of texts of the command line or of the server. */

/* "&name=value", escaped; nothing for an empty value. */
void query_write(struct buf *out, const char *name, struct str value);

#endif
