#ifndef GATEWAY_CLI_RULE_WORDS_H
#define GATEWAY_CLI_RULE_WORDS_H

#include "gateway/cli/screen.h"

/*
 * A text of a rule as it stands in the catalogue, for a person: "{found}" becomes "‹jest›", a
 * column its name. A brace without its partner stands as it is.
 */
void rule_words_write(struct screen *screen, struct str text);

#endif
