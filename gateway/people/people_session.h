#ifndef GATEWAY_PEOPLE_PEOPLE_SESSION_H
#define GATEWAY_PEOPLE_PEOPLE_SESSION_H

#include "gateway/people/permission.h"
#include "gateway/people/secret.h"
#include "gateway/store/store.h"

/*
 * A person who is signed in, acting in one of their appointments. The token of the session is in
 * the cookie and nowhere else; we know its SHA-256. It lives for 12 hours and at most 30 minutes
 * without use, gets a new token when the person turns to another appointment, and ends with the
 * sign-out, with the appointment, and with a new password given elsewhere. As brama_desk.
 */
struct people_session {
    int64_t              session; /* 0: nobody is signed in */
    int64_t              program; /* token that acts as its maker; 0: none, a person */
    struct uuid          person;
    struct str           email;
    struct str           name;
    struct str           provider;
    instant              expires;
    struct uuid          appointment; /* nil: none */
    enum permission_role role;        /* PUBLIC without an appointment */
    int64_t              unit;        /* 0: none */
    struct str           office;      /* empty: none */
    struct str           place;       /* name of the unit or the office */
    struct str           regon;
};

/*
 * Inside a transaction: enter as the session of this digest (NULL: nobody). From here to its end
 * row-level security shows what that person may see. A session that does not live is nobody.
 */
MUST_USE enum err people_session_enter(struct store *store, struct arena *arena,
                                       const unsigned char *digest, struct people_session *out,
                                       struct fault *fault);

/*
 * The same for a program, by the SHA-256 of its token: it acts as the person who made it, in the
 * appointment in which they did. out->program 0: it does not; *standing says why.
 */
enum people_standing {
    PEOPLE_STANDING_GOOD,
    PEOPLE_STANDING_OVER,
    PEOPLE_STANDING_REVOKED,
    PEOPLE_STANDING_OTHER, /* it opens something else */
    PEOPLE_STANDING_UNKNOWN,
};
MUST_USE enum err people_session_enter_program(struct store *store, struct arena *arena,
                                               const unsigned char   *digest,
                                               struct people_session *out,
                                               enum people_standing *standing, struct fault *fault);

/* How a place stands to the one who entered. unit 0 and an empty office: no place. */
MUST_USE enum err people_session_relation(struct store *store, struct arena *arena, int64_t unit,
                                          struct str office, enum permission_relation *out,
                                          struct fault *fault);

/* The appointments of the one who entered that hold today. */
struct people_place {
    struct uuid appointment;
    struct str  role;
    struct str  title; /* of the role */
    int64_t     unit;
    struct str  regon;
    struct str  office;
    struct str  name; /* of the unit or the office */
};
MUST_USE enum err people_session_places(struct store *store, struct arena *arena,
                                        struct people_place **out, size_t *count,
                                        struct fault *fault);

/* Act in another appointment (nil: in none), under a new token: the old one is dead. An empty
 * token: it is not theirs, or does not hold today. */
MUST_USE enum err people_session_turn(struct store *store, struct arena *arena,
                                      const unsigned char *digest, struct uuid appointment,
                                      struct str *token, struct fault *fault);

MUST_USE enum err people_session_close(struct store *store, struct arena *arena,
                                       const unsigned char *digest, struct fault *fault);

#endif
