#ifndef GATEWAY_PEOPLE_TOTP_H
#define GATEWAY_PEOPLE_TOTP_H

#include "validators/base/err.h"
#include "validators/base/moment.h"

/*
 * Codes of six digits that change every 30 seconds (RFC 6238 with HMAC-SHA-1, as every
 * authenticator has it). A code of the step before or after is good too, because clocks differ.
 * That a step is used only once is the store's to see to (people.use_step).
 */
enum { TOTP_SECRET_SIZE = 20, TOTP_DIGITS = 6, TOTP_STEP_SECONDS = 30, TOTP_URI_MAX = 1024 };

/* The code of one step, as a number. ERR_CRYPTO. */
MUST_USE enum err totp_code(struct str secret, int64_t step, int *out, struct fault *fault);

/* *step: the step whose code this is, of the three around at; 0: of none. ERR_CRYPTO. */
MUST_USE enum err totp_find(struct str secret, struct str code, moment at, int64_t *step,
                            struct fault *fault);

/* otpauth://totp/Brama:<account>?secret=..., for an authenticator. */
void totp_write_uri(struct buf *out, struct str secret, struct str account);

/* The secret as a person may type it: base32 (RFC 4648, 6) without padding. */
void totp_write_secret(struct buf *out, struct str secret);

#endif
