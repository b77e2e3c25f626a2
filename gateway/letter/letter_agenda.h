#ifndef GATEWAY_LETTER_LETTER_AGENDA_H
#define GATEWAY_LETTER_LETTER_AGENDA_H

#include "gateway/letter/letter_text.h"

/*
 * The letter to people of recipients and owners of rules, once a day: objections to rules, by their
 * codes, and corrections that came after their window. What the sender wrote as a reason stands in
 * Brama alone. At most LETTER_LINES_MAX lines (letter_digest.h). Pure.
 */
struct letter_matter {
    struct str  code; /* of the rule that was objected to; empty: a correction */
    struct str  form; /* empty, as the next two: it is not theirs to know */
    struct str  period;
    struct str  unit;
    struct date until;   /* of a correction: end of its window */
    struct date arrived; /* of a correction */
    int64_t     times;
};

struct letter_agenda {
    struct str                  public_url;
    struct str                  name;    /* who is written to */
    const struct letter_matter *matters; /* objections first */
    size_t                      count;
    int64_t                     objections; /* all of them, those not shown among them */
    int64_t                     corrections;
};

struct letter_text letter_agenda(struct arena *arena, const struct letter_agenda *agenda);

#endif
