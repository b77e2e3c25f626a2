#ifndef GATEWAY_CLI_VERIFY_JSON_H
#define GATEWAY_CLI_VERIFY_JSON_H

#include "gateway/cli/verify_text.h"

/* The same as verify_text.h tells a person, with what the gateway says of it, as one object. */
void verify_json_write(struct screen *screen, const struct verification *told);

#endif
