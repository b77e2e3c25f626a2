#ifndef GATEWAY_PEOPLE_APPOINTMENT_H
#define GATEWAY_PEOPLE_APPOINTMENT_H

#include "gateway/store/store.h"

/*
 * That a person has a role at a place from one day to another. Made by accepting an invitation;
 * ended at once or on a day, never deleted and never changed otherwise. A delegation is one that
 * stands on another's, for stated days and with a named authorisation. What is listed is what
 * row-level security shows to the one who entered (people_session.h). As brama_desk.
 */
struct appointment {
    struct uuid appointment;
    struct uuid person;
    struct str  person_name;
    struct str  email;
    struct str  role;
    struct str  title; /* of the role */
    int64_t     unit;  /* 0: none */
    struct str  regon;
    struct str  office; /* empty: none */
    struct str  place;  /* name of the unit or the office */
    struct date valid_from;
    struct date valid_to;  /* year 0: open */
    struct uuid delegator; /* nil: no delegation */
    struct str  basis;
    instant     made;
    instant     ended; /* 0: not */
    int64_t     revision;
};

enum { APPOINTMENT_PAGE = 50 };

/* At a unit (0: everywhere that may be seen), in the order of their ids, behind `after` (nil: from
 * the first), at most APPOINTMENT_PAGE. */
struct appointment_page {
    int64_t             unit;
    struct uuid         after;
    struct appointment *items; /* found */
    size_t              count;
};
MUST_USE enum err appointment_list(struct store *store, struct arena *arena,
                                   struct appointment_page *page, struct fault *fault);
MUST_USE enum err appointment_find(struct store *store, struct arena *arena, struct uuid id,
                                   struct appointment *out, bool *found, struct fault *fault);

/*
 * End it: on a day (last_day), or at once (year 0), when its sessions end and its tokens stop. Only
 * at this revision: *done is false when somebody else has changed it, or it may not be touched.
 * ERR_DENIED: it has ended, or the day is before its first or after its last.
 */
struct appointment_ending {
    struct uuid appointment;
    int64_t     revision;
    struct date last_day;
};
MUST_USE enum err appointment_end(struct store *store, struct arena *arena,
                                  const struct appointment_ending *ending, bool *done,
                                  struct fault *fault);

#endif
