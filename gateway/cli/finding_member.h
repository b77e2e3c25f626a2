#ifndef GATEWAY_CLI_FINDING_MEMBER_H
#define GATEWAY_CLI_FINDING_MEMBER_H

#include "gateway/finding_json/finding_view.h"

#include <jansson.h>

/*
 * A finding as the API answers it, for showing. Texts are borrowed from the answer; what it does
 * not have is empty, a place that is none is 0. What does not fit into arena is left out.
 */
struct finding_view finding_member_view(struct arena *arena, const json_t *finding);

#endif
