#ifndef GATEWAY_OUTBOX_ANSWERED_H
#define GATEWAY_OUTBOX_ANSWERED_H

#include "gateway/store/store.h"

/*
 * What owners of rules have said of objections, for those who filed them. Who is told of what, the
 * database says (courier.answer_of); what is told and the letter that tells it are written in one
 * transaction of the caller's.
 */
struct answered {
    struct str code; /* of the rule */
    struct str form;
    struct str period;
    struct str unit;    /* empty: it is not theirs to know */
    struct str outcome; /* "accepted", "declined" */
    struct str remedy;  /* "rule-change", "rule-off", "release"; empty when declined */
};

struct answered_list {
    const struct answered *items;
    size_t                 count;
    int64_t                all;
};

/* What waits for a person, and from here on does not; replaced answers are left out. */
MUST_USE enum err answered_take(struct store *store, struct arena *arena, struct uuid person,
                                int64_t count_max, struct answered_list *out, struct fault *fault);

#endif
