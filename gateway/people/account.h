#ifndef GATEWAY_PEOPLE_ACCOUNT_H
#define GATEWAY_PEOPLE_ACCOUNT_H

#include "gateway/people/invitation.h"
#include "gateway/people/totp.h"

/*
 * What a person signs in with, and how they get another one: a new password, a new authenticator
 * with new recovery codes, a certificate of their own, and a link back in for who has lost all of
 * these. As brama_desk, in a transaction that people_session_enter has begun; that the old password
 * was right is the caller's to have seen (sign_in_check). Whatever is changed ends the person's
 * other sessions and leaves a trail.
 */
enum { ACCOUNT_CERTIFICATES_MAX = 100 };

/* A hash, a secret of the authenticator, recovery codes: as made, and as kept. */
struct account_secrets {
    struct uuid   person;
    struct str    hash; /* empty: no password was made */
    unsigned char totp[TOTP_SECRET_SIZE];
    struct str    codes[INVITATION_RECOVERY_CODES];
    struct str    digests[INVITATION_RECOVERY_CODES];
};

/* New ones; password empty: without a hash. ERR_SYSTEM, ERR_CRYPTO, ERR_MEMORY. */
MUST_USE enum err account_make_secrets(struct arena *arena, struct str password,
                                       struct account_secrets *out, struct fault *fault);
/* As they are shown, once. */
MUST_USE enum err account_show_secrets(struct arena *arena, const struct account_secrets *secrets,
                                       struct str email, struct invitation_welcome *out,
                                       struct fault *fault);

/* session: digest of the one that goes on. */
MUST_USE enum err account_change_password(struct store *store, struct arena *arena,
                                          const unsigned char *session, struct str password,
                                          struct fault *fault);

/* A new authenticator with its recovery codes, which waits for its first code for a quarter of an
 * hour; the one before is good until that comes. */
MUST_USE enum err account_offer_authenticator(struct store *store, struct arena *arena,
                                              const struct account_secrets *secrets,
                                              struct fault                 *fault);
enum account_taking {
    ACCOUNT_NOTHING_OFFERED = 0, /* or not any more */
    ACCOUNT_WRONG_CODE,
    ACCOUNT_TAKEN,
};
MUST_USE enum err account_take_authenticator(struct store *store, struct arena *arena,
                                             const unsigned char *session, struct str code,
                                             enum account_taking *out, struct fault *fault);

struct account_certificate {
    struct str digest; /* SHA-256 of the SPKI */
    instant    bound;
};

MUST_USE enum err account_certificates(struct store *store, struct arena *arena,
                                       struct account_certificate **out, size_t *count,
                                       struct fault *fault);
/* *bound false: it is somebody else's, or of a unit. */
MUST_USE enum err account_bind(struct store *store, struct arena *arena, struct str digest,
                               bool *bound, struct fault *fault);
MUST_USE enum err account_unbind(struct store *store, struct arena *arena, struct str digest,
                                 bool *found, struct fault *fault);

/* Kinds of letters that the person has switched off, separated by blanks: "digest results". */
MUST_USE enum err account_muted(struct store *store, struct arena *arena, struct str *kinds,
                                struct fault *fault);
/* These, and no others; each known. */
MUST_USE enum err account_mute(struct store *store, struct arena *arena, const struct str *kinds,
                               size_t count, struct fault *fault);

/* A link for whom an appointment is of; an empty token: not by the one who entered. */
MUST_USE enum err account_offer(struct store *store, struct arena *arena, struct uuid appointment,
                                struct str *token, struct fault *fault);
/* The same by the operator at the machine, as brama_admin, for whom nobody else may help. An empty
 * token: nobody has signed in with this address before. */
struct account_help {
    struct str email;
    struct str operator;
    struct str reason;
};
MUST_USE enum err account_help(struct store *store, struct arena *arena,
                               const struct account_help *help, struct str *token,
                               struct fault *fault);
/* Send the link of this token as a letter, with another secret: whoever has just made it. Limited
 * as invitations are (invitation_post), and counted apart from them. */
MUST_USE enum err account_post(struct store *store, struct arena *arena, struct str token,
                               int64_t day_max, struct fault *fault);
/* Whose link it is; empty: it works no more. */
MUST_USE enum err account_of_offer(struct store *store, struct arena *arena, struct str token,
                                   struct str *email, struct fault *fault);
MUST_USE enum err account_restore(struct store *store, struct arena *arena, struct str token,
                                  const struct account_secrets *secrets, bool *restored,
                                  struct fault *fault);

#endif
