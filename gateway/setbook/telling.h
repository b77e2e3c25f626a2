#ifndef GATEWAY_SETBOOK_TELLING_H
#define GATEWAY_SETBOOK_TELLING_H

#include "gateway/setbook/account.h"

/* The findings of an account (account.h), from those of a judgement. */

/* One set while its texts are made. */
struct telling {
    const struct setbook_tools  *tools;
    struct arena                *arena;
    const struct holding        *holding;
    const struct sets_judgement *judgement;
    struct account              *out;
};

/* Rules on trial, or switched off, are not told. */
bool telling_has_rule(const struct setbook_tools *tools, const struct sets_rule *rule,
                      enum severity severity);

/* Fill out->findings. ERR_MEMORY. */
MUST_USE enum err telling_findings(const struct telling *telling, struct fault *fault);

#endif
