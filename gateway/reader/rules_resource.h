#ifndef GATEWAY_READER_RULES_RESOURCE_H
#define GATEWAY_READER_RULES_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * /api/v1/rules: every rule of the forms with its texts, formula, severities, whether it is
 * switched off and when it was, and how often it was found; of the release that is in force.
 * Public.
 */
enum err rules_resource_answer(struct asked *asked, struct fault *fault);

#endif
