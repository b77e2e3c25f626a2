#ifndef GATEWAY_OBLIGATION_DUTY_TEXT_H
#define GATEWAY_OBLIGATION_DUTY_TEXT_H

#include "gateway/obligation/duty.h"

/*
 * Why a duty is in its state: one Polish sentence with its basis, for a person. Facts only; pure.
 *
 *     Wpłynęło 10 lipca 2026 r., 09:00:00, a termin mija 10 lipca 2026 r. (d+10, Dz.U. 2025 poz.
 *     133, kalendarz 1): w terminie, bo liczy się data wpływu pierwszej przyjętej wersji.
 */
struct duty_story {
    struct duty_facts facts;
    struct date       due_on;
    struct date       nominal_on; /* before days off; the same when nothing was moved */
    struct str        rule;       /* "d+10" */
    struct str        basis;
    struct str        calendar;
    /* What filed_at comes from; 0, and year 0: not so. */
    instant     accepted_at;
    instant     nothing_at;
    struct date elsewhere_on;
    /* What was tried. */
    instant     last_arrived; /* 0: nothing ever */
    int         last_verdict; /* enum verdict's numbers: 0 undecided .. 3 rejected */
    bool        after_window; /* what is in force came after the correction window */
    struct date correction_until;
    /* What was entered. */
    struct str  exemption_basis;
    struct date superseded_on;  /* when that was noticed */
    struct str  superseded_why; /* as in obligation.duty */
    struct str  successor;      /* name of the unit that follows; may be empty */
    struct str  trait;          /* what it follows from, "prowadzi ..."; empty: owed by its kind */
    bool        trait_below;    /* that of a JST, or of a unit below it */
    /* An outage of ours on the last day; 0: none. */
    instant outage_began;
    instant outage_ended;
};

/* .data == NULL when the arena is full. */
struct str duty_text(struct arena *arena, const struct duty_story *story, instant at);

#endif
