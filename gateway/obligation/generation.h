#ifndef GATEWAY_OBLIGATION_GENERATION_H
#define GATEWAY_OBLIGATION_GENERATION_H

#include "gateway/store/store.h"
#include "validators/calendar/calendar.h"

/*
 * Duties of all units for a run of periods: terms from the calendar, kinds and traits of units from
 * the registry as it is on the last day of each period. Repeating it changes nothing. What is owed
 * and has no duty gets one, settled at once with reports that came before; what is owed no more is
 * superseded with its reason (a succession, a unit that was closed, the registry, a trait that the
 * unit has no more, the calendar) and
 * comes back when it is owed again; a new due date or recipient moves the duty and is written down.
 * Nothing is ever deleted. Notes of settling.h that stand open are taken up.
 *
 * A model term of the calendar binds nobody in PROD: no duty is made of it there.
 */
struct generation_wish {
    struct date first_end; /* of periods whose last day is in this run of days, both included */
    struct date last_end;
    struct str  by; /* who or what asked for it */
};

struct generation_counts {
    int64_t terms;      /* of the calendar, in the run */
    int64_t added;      /* duties */
    int64_t superseded; /* owed no more */
    int64_t restored;   /* owed again */
    int64_t altered;    /* another term, recipient or place */
    int64_t settled;    /* whose facts changed, from reports or entries that were there before */
    int64_t all;        /* duties of the run now, superseded ones left out */
};

/* Inside the caller's transaction, as brama_admin. ERR_LIMIT from the calendar. */
MUST_USE enum err generation_run(struct store *store, struct arena *arena,
                                 const struct calendar        *calendar,
                                 const struct generation_wish *wish, struct generation_counts *out,
                                 struct fault *fault);

/*
 * Periods that matter on a day: those that ended within GENERATION_DAYS_BACK days before it, and
 * those that end within GENERATION_DAYS_AHEAD days after it.
 */
enum { GENERATION_DAYS_BACK = 400, GENERATION_DAYS_AHEAD = 100 };

void generation_current(struct date today, struct generation_wish *out);

#endif
