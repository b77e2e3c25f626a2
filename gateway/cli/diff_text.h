#ifndef GATEWAY_CLI_DIFF_TEXT_H
#define GATEWAY_CLI_DIFF_TEXT_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/* A difference for people, from its JSON (diff_files.h, or a gateway's). */
void diff_text_write(struct screen *screen, const json_t *difference);

/* Whether any two versions were compared at all. */
bool diff_text_has_compared(const json_t *difference);

#endif
