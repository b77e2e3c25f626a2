#ifndef GATEWAY_CLI_SET_TEXT_H
#define GATEWAY_CLI_SET_TEXT_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/* How the set of a report stands, as the gateway told it: its state, what it waits for, what it
 * charges the report with. Nothing for NULL. */
void set_text_write(struct screen *screen, const json_t *set);

/* "jednostkowe albo jednostkowe-urząd", of words with spaces between. */
void set_text_levels(struct screen *screen, struct str levels);

#endif
