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

/* How long after one ended whoever comes is told beside it, and of how many at most. */
enum { OUTAGE_AFTER_HOURS = 24, OUTAGE_NEAR_MAX = 16 };

/*
 * Those that are not revoked and that any of these moments fell in, or came within
 * OUTAGE_AFTER_HOURS after; the oldest first. number, by and evidence are not filled.
 */
struct outages {
    const struct outage *items;
    size_t               count;
};
MUST_USE enum err outage_near(struct store *store, struct arena *arena, const instant *moments,
                              size_t count, struct outages *out, struct fault *fault);

/* Whether it is told beside what first came at `first` and was here at `arrived`: either of them
 * fell in it or came right after. What lay between the two and touched neither is not. */
bool outage_touches(const struct outage *outage, instant first, instant arrived);

/* The newest first. */
MUST_USE enum err outage_list(struct store *store, struct arena *arena, struct outage **out,
                              size_t *count, struct fault *fault);

#endif
