#ifndef GATEWAY_OBLIGATION_TERM_H
#define GATEWAY_OBLIGATION_TERM_H

#include "gateway/store/store.h"
#include "validators/calendar/calendar.h"

/*
 * The calendar's terms as rows, for a run of periods. A term is written when the calendar says
 * something of a form, a level, a period and a kind of unit that was never said before, with the
 * version that said it; so a new version of the calendar that changes one date makes one row.
 */
struct term_rows {
    int64_t *terms; /* what the calendar says now */
    size_t   count;
};

/* Last days of periods, both included. */
struct term_span {
    struct date first;
    struct date last;
};

/* Inside the caller's transaction. ERR_LIMIT. */
MUST_USE enum err term_fill(struct store *store, struct arena *arena,
                            const struct calendar *calendar, const struct term_span *span,
                            struct term_rows *out, struct fault *fault);

#endif
