#ifndef GATEWAY_RELEASE_RELEASE_NOTICE_H
#define GATEWAY_RELEASE_RELEASE_NOTICE_H

#include "gateway/definitions/definitions.h"

/*
 * Whether a release of definitions keeps the periods of notice (domain.md, "Rule ownership"): what
 * begins to reject was on trial for publication.xml's number of days, is announced as many days
 * ahead, and does not come into force between the end of a period and the last day of its term; so
 * is a formula that changes while it rejects, but for the trial. Exceptions stand in
 * publication.xml, each with a legal basis. Loosening holds at once. Pure.
 */
enum { RELEASE_NOTICE_DAYS = 30, RELEASE_NOTICE_DAYS_MAX = 366 };

struct release_notice_request {
    const struct definitions        *before; /* in force when the new ones begin */
    const struct definitions        *after;
    const struct definitions *const *trial; /* in force at any time of the days before that */
    size_t                           trial_count;
    struct date                      published; /* in Warsaw */
    struct date                      active_from;
};

struct release_complaint {
    struct str path; /* of the bundle */
    struct str code;
    struct str text; /* in Polish, for the publisher */
};

struct release_complaints {
    const struct release_complaint *items;
    size_t                          count;
};

/* The days that publication.xml names, of both the longer. Errors as release_notice_check. */
MUST_USE enum err release_notice_days(struct arena *arena, const struct catalogue *before,
                                      const struct catalogue *after, int *days,
                                      struct fault *fault);

/* ERR_CATALOGUE when publication.xml cannot be understood (file and what), ERR_MEMORY. */
MUST_USE enum err release_notice_check(struct arena                        *arena,
                                       const struct release_notice_request *request,
                                       struct release_complaints *out, struct fault *fault);

#endif
