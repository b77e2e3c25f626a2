#ifndef GATEWAY_PEOPLE_PASSWORD_H
#define GATEWAY_PEOPLE_PASSWORD_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Passwords as argon2id (RFC 9106) of libsodium, with the least that OWASP asks for: 19 MiB, two
 * passes, one lane. What is kept is "$argon2id$v=19$m=19456,t=2,p=1$salt$hash": the parameters
 * stand in it, so that they can be raised; one made with others is still verified, and is made anew
 * at the next sign-in. Knows neither people nor the store.
 */
enum { PASSWORD_CHARACTERS_MIN = 12, PASSWORD_SIZE_MAX = 256 };
enum { PASSWORD_MEMORY = 19 * 1024 * 1024, PASSWORD_PASSES = 2 };

enum password_fault {
    PASSWORD_GOOD = 0,
    PASSWORD_TOO_SHORT, /* characters */
    PASSWORD_TOO_LONG,  /* bytes */
    PASSWORD_NOT_TEXT,  /* not UTF-8, or with control characters */
    PASSWORD_OBVIOUS,   /* holds the name of the account, or few different characters */
    PASSWORD_GUESSABLE, /* what anybody would try first, guessable.h */
};

/* Load what the library needs (it may open a file): once, before a sandbox. ERR_CRYPTO. */
MUST_USE enum err password_warm_up(struct fault *fault);

/* Whether a new password of this person will do; name may be empty. No rules of upper case and
 * digits, as NIST SP 800-63B says. */
enum password_fault password_judge(struct str password, struct str email, struct str name);

/* ERR_CRYPTO when there is no memory for it. */
MUST_USE enum err password_hash(struct arena *arena, struct str password, struct str *out,
                                struct fault *fault);

/*
 * Whether the password is the one of hash. With an empty hash, of nobody, it takes as long and is
 * false: an account that does not exist cannot be told from one that does. A hash of weaker
 * parameters is made up for, so that it takes as long, too; one of stronger ones takes longer.
 */
bool password_verify(struct str hash, struct str password);

/* Made with other parameters than today's. */
bool password_is_dated(struct str hash);

#endif
