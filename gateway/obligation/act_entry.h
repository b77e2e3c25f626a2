#ifndef GATEWAY_OBLIGATION_ACT_ENTRY_H
#define GATEWAY_OBLIGATION_ACT_ENTRY_H

#include "gateway/obligation/act.h"

/*
 * What people have entered about a duty or a unit (act.h, internal_due.h), as it is shown to whom
 * it concerns: everything, also what was taken back, with who, when and on what basis. In the view
 * of whoever the connection has entered as.
 */
struct act_entry {
    struct str  kind; /* "exemption", "internal", "nothing", "elsewhere" */
    int64_t     number;
    struct str  unit; /* REGON */
    struct str  form;
    struct str  period; /* empty for an exemption */
    struct date first;  /* of an exemption: periods whose last day is in first .. last */
    struct date last;
    struct date on; /* internal, elsewhere; year 0 of an internal due date: taken back */
    struct str  place;
    struct str  basis;
    struct str  by;      /* as it was given: the id of a person, or a name */
    struct str  by_name; /* empty: not known to who asks */
    instant     at;
    instant     revoked_at; /* 0: it stands */
    struct str  revoked_by, revoked_by_name, revoked_basis;
};

/* revision: other numbers, other entries; it grows from 1. */
struct act_entries {
    struct act_entry *items; /* oldest first; in the arena */
    size_t            count;
    int64_t           revision;
};

/* Exemptions and internal due dates that concern the duty are among them. */
MUST_USE enum err act_entry_of_duty(struct store *store, struct arena *arena, int64_t duty,
                                    struct act_entries *out, struct fault *fault);
/* Exemptions and internal due dates of a unit alone. */
MUST_USE enum err act_entry_of_unit(struct store *store, struct arena *arena, int64_t unit,
                                    struct act_entries *out, struct fault *fault);

/* NULL: there is none of this number. */
const struct act_entry *act_entry_find(const struct act_entries *entries, struct str kind,
                                       int64_t number);
/* The newest of a kind that stands; NULL: none does. */
const struct act_entry *act_entry_standing(const struct act_entries *entries, struct str kind);

/* Which duty a number means. *found false: there is none that whoever asks may see. */
MUST_USE enum err act_entry_duty(struct store *store, struct arena *arena, int64_t number,
                                 struct act_duty *out, bool *found, struct fault *fault);
/* The unit and the form of an exemption; the same. */
MUST_USE enum err act_entry_exemption(struct store *store, struct arena *arena, int64_t number,
                                      struct act_exemption *out, bool *found, struct fault *fault);

#endif
