#ifndef GATEWAY_OBLIGATION_DUTY_H
#define GATEWAY_OBLIGATION_DUTY_H

#include "validators/base/moment.h"

/*
 * The state of a duty: one function of its facts and a moment, never stored. Pure.
 *
 *     filed in time                     fulfilled    also when it was waived or superseded since
 *     owed by somebody else now         superseded
 *     exempted                          waived       also when it was filed too late
 *     filed                             late
 *     something undecided came in time  submitted    data wpływu counts, whatever becomes of it
 *     the term is over                  late
 *     the period is over                due
 *     otherwise                         not_due
 *
 * "Filed" is the first of: data wpływu of a report that was accepted and is so by its newest
 * decision; a declaration that there is nothing to report; the day on which it was handed over
 * elsewhere. So a first version in time keeps a duty in time whatever corrections follow. What is
 * held (a signature is missing) or rejected has not been filed. The first row that holds counts.
 * obligation.state() in the database is its twin.
 */
enum duty_state {
    DUTY_NOT_DUE = 0,
    DUTY_DUE,
    DUTY_SUBMITTED,
    DUTY_LATE, /* nothing accepted came in time; whether it came later is another fact */
    DUTY_FULFILLED,
    DUTY_WAIVED,
    DUTY_SUPERSEDED,
    DUTY_STATES
};

struct duty_facts {
    instant opens_at;   /* the first moment after the period */
    instant due_before; /* the first moment that is too late */
    bool    superseded;
    bool    waived;
    instant filed_at;   /* 0: not */
    instant pending_at; /* first arrival of what is undecided; 0: nothing is */
};

enum duty_state duty_state(const struct duty_facts *facts, instant at);

const char *duty_state_name(enum duty_state state);  /* "not_due" */
const char *duty_state_label(enum duty_state state); /* „Jeszcze nie czas”, for a person */

/* False when there is no such state; *out untouched. */
MUST_USE bool duty_state_read(struct str name, enum duty_state *out);

#endif
