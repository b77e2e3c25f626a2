#ifndef GATEWAY_OBLIGATION_ACT_H
#define GATEWAY_OBLIGATION_ACT_H

#include "gateway/store/store.h"

/*
 * What people enter about duties: an exemption, that there is nothing to report, that a report was
 * handed over elsewhere (an earlier day that a JST has set: internal_due.h; an outage: outage.h).
 * Every entry says who and on what basis, and stays; one that was wrong is revoked by an entry of
 * its own. Duties that it is about change at once, in the caller's transaction.
 *
 * What is refused is ERR_DENIED with a sentence in Polish that says why and what to do; it changes
 * nothing, and the caller rolls back. Who may enter what is the caller's to know.
 */
struct act {
    struct store *store;
    struct arena *arena;
    struct str    by;    /* a person, as the caller knows them; not empty */
    struct str    basis; /* not empty */
    instant       now;   /* of the gateway, TEST's offset included */
};

/* ERR_DENIED unless it says who and on what basis. */
MUST_USE enum err act_need(const struct act *act, struct fault *fault);

/*
 * Whoever enters something about a unit holds it until the transaction ends, so that what they have
 * read is still so when they write. What follows holds it by itself; who must look first, earlier.
 */
MUST_USE enum err act_hold(const struct act *act, int64_t unit, struct fault *fault);

/* Which duty is meant: by its number, or (0) the one that the rest describes. */
struct act_duty {
    int64_t    number;
    int64_t    unit;
    struct str unit_name; /* for refusals */
    struct str form;      /* code: "RB27S" */
    struct str period;    /* "2026-Q2" */
    struct str level;     /* empty: the only one that there is */
    struct str variant;   /* empty: so; "plain", or "jop", "dysponent": one report for each; or the
                             office of a dysponent */
};

/* For periods whose last day is in first .. last (year 0: until revoked). */
struct act_exemption {
    int64_t     unit;
    struct str  form;
    struct date first;
    struct date last;
};

MUST_USE enum err act_exempt(const struct act *act, const struct act_exemption *exemption,
                             int64_t *number, struct fault *fault);

/* "Nic do wykazania", where the calendar takes it for a report. */
MUST_USE enum err act_declare_nothing(const struct act *act, const struct act_duty *duty,
                                      int64_t *number, struct fault *fault);

/* "Przekazane w BeSTi@ dnia ...": place is "BeSTi@". */
MUST_USE enum err act_file_elsewhere(const struct act *act, const struct act_duty *duty,
                                     struct str place, struct date on, int64_t *number,
                                     struct fault *fault);

/* what: "exemption", "nothing", "elsewhere", "outage". */
MUST_USE enum err act_revoke(const struct act *act, struct str what, int64_t number,
                             struct fault *fault);

#endif
