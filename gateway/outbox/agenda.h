#ifndef GATEWAY_OUTBOX_AGENDA_H
#define GATEWAY_OUTBOX_AGENDA_H

#include "gateway/store/store.h"

/*
 * What is put to a person of a recipient, or to the owner of a rule: objections to rules, and
 * corrections that came after their window. Who is told of what, the database says
 * (courier.agenda_*, as the owner), and asks again when it is told. What is told and the letter
 * that tells it are written in one transaction of the caller's, so that nothing is told twice and
 * nothing forgotten.
 */
struct agenda_item {
    struct str  code; /* of the rule; empty: a correction */
    struct str  form; /* empty, as the next two: the rule alone is theirs to know */
    struct str  period;
    struct str  unit;
    struct date until;   /* end of the window, of a correction */
    struct date arrived; /* of a correction */
    int64_t     times;   /* as often is there the same to say */
};

struct agenda {
    const struct agenda_item *items; /* objections by rule, then corrections in order of arrival */
    size_t                    count;
    int64_t                   objections; /* all of them */
    int64_t                   corrections;
    int64_t                   lines; /* that all of it would take */
};

/* What waits for a person, and from here on does not. */
MUST_USE enum err agenda_take(struct store *store, struct arena *arena, struct uuid person,
                              int64_t count_max, struct agenda *out, struct fault *fault);

#endif
