#ifndef GATEWAY_PEOPLE_INVITATION_H
#define GATEWAY_PEOPLE_INVITATION_H

#include "gateway/people/secret.h"
#include "gateway/store/store.h"

/*
 * How people come in: a JST invites heads, heads invite their people, the operator invites the
 * first ones. An invitation is a link with a secret, good once and for INVITATION_DAYS; we keep the
 * digest alone. Whoever accepts gets the appointment, and, if they are new, an account: password,
 * authenticator and recovery codes at once. As brama_desk, in a transaction that
 * people_session_enter has begun; row-level security refuses what the inviter may not give.
 */
enum { INVITATION_DAYS = 7, INVITATION_RECOVERY_CODES = 10, INVITATION_CODE_SIZE = 16 };

struct invitation {
    struct uuid invitation; /* nil: not stored yet */
    struct str  email;
    struct str  name;
    struct str  role;
    int64_t     unit;   /* 0: none */
    struct str  office; /* empty: none */
    struct str  place;  /* listed: name of the unit or the office */
    struct str  regon;  /* listed */
    struct date valid_from;
    struct date valid_to;  /* year 0: open */
    struct uuid delegator; /* nil: no delegation */
    struct str  basis;     /* of a delegation */
    struct uuid made_by;   /* nil: the operator at the machine */
    instant     made;
    instant     expires;
    struct str  letter; /* listed: "waiting", "sent", "refused", "dropped"; empty: none went */
    instant     letter_ended; /* listed: when it was sent or refused; 0: not yet */
};

/* Store it; *token is what the link bears, and is shown once, or thrown away when a letter goes out
 * (invitation_post). ERR_DENIED with a Polish sentence for
 * what the store refuses (a delegation that is none, dates in the wrong order, not theirs). */
MUST_USE enum err invitation_make(struct store *store, struct arena *arena,
                                  const struct invitation *invitation, struct uuid *id,
                                  struct str *token, struct fault *fault);

/* Send it as a letter, with a secret of its own: whoever made it. Beyond day_max invitations
 * to one address a day it goes on the first day that has room; ERR_DENIED with a Polish sentence
 * where none has before it expires. */
MUST_USE enum err invitation_post(struct store *store, struct arena *arena, struct uuid id,
                                  int64_t day_max, struct fault *fault);

/* Those that are open and may be seen; at most max, newest first, older than `before` (nil: all).
 */
MUST_USE enum err invitation_list(struct store *store, struct arena *arena, struct invitation **out,
                                  size_t *count, struct fault *fault);
MUST_USE enum err invitation_find(struct store *store, struct arena *arena, struct uuid id,
                                  struct invitation *out, bool *found, struct fault *fault);
MUST_USE enum err invitation_revoke(struct store *store, struct arena *arena, struct uuid id,
                                    bool *found, struct fault *fault);

/* What the one who holds the link may know. *found false: used, revoked or too old. */
struct invitation_offer {
    struct str email;
    struct str name;
    struct str role;
    struct str title; /* of the role */
    struct str place;
    bool       known; /* has an account: must be signed in to accept */
};
MUST_USE enum err invitation_look(struct store *store, struct arena *arena, struct str token,
                                  struct invitation_offer *out, bool *found, struct fault *fault);

/* What a new person gets to see once. */
struct invitation_welcome {
    struct uuid appointment;
    struct str  totp_uri; /* empty for those who have an account */
    struct str  totp_secret;
    struct str  codes[INVITATION_RECOVERY_CODES];
};

/* password is for new people, judged before. ERR_DENIED: it cannot be used, or not by this one. */
MUST_USE enum err invitation_accept(struct store *store, struct arena *arena, struct str token,
                                    struct str password, struct invitation_welcome *out,
                                    struct fault *fault);

#endif
