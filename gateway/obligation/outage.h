#ifndef GATEWAY_OBLIGATION_OUTAGE_H
#define GATEWAY_OBLIGATION_OUTAGE_H

#include "gateway/obligation/act.h"

/*
 * When the gateway could not be reached, as evidence. An outage moves no due date: only an entry of
 * the calendar with a legal basis does. It is told beside a duty whose last day it falls on.
 */
struct outage {
    int64_t    number;
    instant    began;
    instant    ended;
    struct str description; /* what could not be done */
    struct str evidence;    /* where it can be seen: a log, a number of an incident */
    struct str by;
    bool       revoked; /* by act_revoke */
};

/* began, ended, description, evidence of *outage count. ERR_DENIED as in act.h. */
MUST_USE enum err outage_add(const struct act *act, const struct outage *outage, int64_t *number,
                             struct fault *fault);

/* The newest first. */
MUST_USE enum err outage_list(struct store *store, struct arena *arena, struct outage **out,
                              size_t *count, struct fault *fault);

#endif
