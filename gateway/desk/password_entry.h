#ifndef GATEWAY_DESK_PASSWORD_ENTRY_H
#define GATEWAY_DESK_PASSWORD_ENTRY_H

#include "gateway/desk/entry.h"
#include "gateway/people/invitation.h"
#include "gateway/people/sign_in.h"

/* What invitations and accounts share: a password that somebody has thought of, or shows again, and
 * the secrets that are shown once. */

/* A new password that will not do refuses the call, in words that say what would. */
MUST_USE enum err password_entry_judge(struct call *call, struct str password, struct str email,
                                       struct str name, struct fault *fault);

/*
 * Whether the one who is signed in knows their password, and with SIGN_IN_PASSWORD a code too. The
 * call's transaction is ended before and begun anew after it, so that a try stays counted; whatever
 * is wrong refuses the call.
 */
MUST_USE enum err password_entry_prove(struct call *call, struct sign_in attempt,
                                       struct fault *fault);

/* Members "totp_uri", "totp_secret", "totp_qr_svg", "totp_qr_text" and "recovery_codes"; without a
 * secret null, and no codes. */
MUST_USE enum err password_entry_write(struct json *json, const struct invitation_welcome *welcome,
                                       struct fault *fault);

#endif
