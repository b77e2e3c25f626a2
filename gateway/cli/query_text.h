#ifndef GATEWAY_CLI_QUERY_TEXT_H
#define GATEWAY_CLI_QUERY_TEXT_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/* A query as a gateway tells it, of a submission or of a set: its number, what is asked, where, how
 * it stands. */
void query_text_write(struct screen *screen, const json_t *finding);

#endif
