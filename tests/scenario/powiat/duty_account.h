#ifndef TESTS_SCENARIO_POWIAT_DUTY_ACCOUNT_H
#define TESTS_SCENARIO_POWIAT_DUTY_ACCOUNT_H

#include "tests/scenario/powiat/cashbook.h"
#include "tests/scenario/powiat/outcome.h"

/* What each unit of a quarter owes, and what must have become of it when the quarter is looked at.
 */
struct duty_account {
    size_t            unit;
    enum outcome_form form;
    int               period;
    struct date       due;
    const char       *superseded;    /* why it is owed no more; NULL: it is owed */
    instant           first_arrived; /* of all that is certainly the unit's; 0: nothing */
    instant           last_arrived;
    int               last_verdict; /* of what arrived last; -1: nothing */
    instant           accepted_at;  /* 0: nothing was accepted */
    int               version;      /* in force; -1: nothing is */
    int               queries;      /* at what is in force, of sets too */
};

struct duty_accounts {
    struct duty_account *items;
    size_t               count;
};

/* asked: a line of record_asked for each query of a set; NULL: queries of forms alone. */
struct duty_accounts duty_accounts_of(struct arena *arena, const struct outcomes *outcomes,
                                      const struct cashbook *asked);

const char *duty_account_state(const struct duty_account *duty);
bool        duty_account_is(const struct duty_account *duty, const char *state);

#endif
