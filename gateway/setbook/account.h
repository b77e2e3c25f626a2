#ifndef GATEWAY_SETBOOK_ACCOUNT_H
#define GATEWAY_SETBOOK_ACCOUNT_H

#include "gateway/setbook/holdings.h"

/*
 * What was judged of a set, in the texts that are stored, shown and signed. Everything is copied:
 * the judgement may end. Rules on trial ("proposed") are not in it.
 */
struct account_finding {
    int64_t    report; /* charged */
    struct str code;
    struct str severity;
    struct str cell;
    struct str about; /* the rule in words, without amounts */
    struct str basis;
    struct str title;
    struct str fix;
    struct str found;
    struct str expected;
    struct str difference;
    struct str contributors; /* JSON */
    int64_t    total;        /* contributors before they were cut */
    struct str reports;      /* whose figures these are: "{12,15}" */
    bool       shared;       /* figures are of units that the charged one's may not see */
    int64_t    kept;         /* number of the same finding that was open before; 0: it is new */
};

struct account {
    const struct holding   *holding;
    struct str              state;
    bool                    deferred; /* a row of work judges it; its findings stay as they are */
    bool                    idle;     /* nothing was there to compare: no failure of ours */
    struct str              reason;   /* why something was not judged; empty: all was */
    struct str              pending;  /* JSON */
    struct str              awaited;  /* for a receipt; empty: nothing is awaited */
    struct account_finding *findings;
    size_t                  finding_count;
};

/* ERR_MEMORY. */
MUST_USE enum err account_make(const struct setbook_tools *tools, struct arena *arena,
                               const struct holding        *holding,
                               const struct sets_judgement *judgement, struct account *out,
                               struct fault *fault);

/* The state that a judgement gives a set, without the rules that are switched off. */
enum sets_state account_state(const struct setbook_tools  *tools,
                              const struct sets_judgement *judgement);

/* A set that could not be judged: incomplete, with the reason for a person. ERR_MEMORY. */
MUST_USE enum err account_give_up(struct arena *arena, const struct holding *holding,
                                  struct str reason, struct account *out, struct fault *fault);

/* Whether findings open or close. */
bool account_has_moved(const struct account *account);

/* Whether the store must learn of it: the state, what is pending or what is owed has changed. */
bool account_has_changed(const struct account *account);

#endif
