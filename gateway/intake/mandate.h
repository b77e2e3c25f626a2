#ifndef GATEWAY_INTAKE_MANDATE_H
#define GATEWAY_INTAKE_MANDATE_H

#include "gateway/people/permission.h"
#include "gateway/store/store.h"

/*
 * In whose name what was filed is changed: of a program, by its credential, or of a person, by the
 * appointment in which they act. What the front knew of either is a little old, and what it let
 * through may have waited: whoever writes asks again, in the transaction that writes.
 */
struct mandate {
    int64_t     subject;     /* unit acted for */
    int64_t     credential;  /* of a program; 0: a person */
    struct uuid appointment; /* of a person; nil: a program */
};

enum mandate_state {
    MANDATE_HOLDS = 1,
    MANDATE_EXPIRED, /* the credential is over */
    MANDATE_REVOKED, /* or was revoked, or what it stands on has ended */
    MANDATE_ENDED,   /* the appointment */
    MANDATE_LACKING, /* the role has no such permission, whosever the thing is */
};

/*
 * Whether it holds for an action, in the transaction that has begun. A person is entered into that
 * transaction, so that the trail names them. How the thing stands to the subject is for the
 * caller's statement to ask. ERR_STORE and its like; ERR_MEMORY.
 */
MUST_USE enum err mandate_look(struct store *store, struct arena *arena,
                               const struct mandate *mandate, enum permission_action action,
                               enum mandate_state *out, struct fault *fault);

/* The credential and the appointment, as two parameters; one of them is NULL. */
void mandate_put(struct store_parameters *parameters, const struct mandate *mandate);

#endif
