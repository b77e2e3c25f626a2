#ifndef GATEWAY_CLI_OBJECTION_TEXT_H
#define GATEWAY_CLI_OBJECTION_TEXT_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/* A rule that was objected to, and what its owner says of it, {"outcome", "reason"}; answer NULL:
 * nothing yet. One line, at a report or a finding. */
void objection_text_write(struct screen *screen, struct str rule, const json_t *answer);

#endif
