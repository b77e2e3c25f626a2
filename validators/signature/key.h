#ifndef VALIDATORS_SIGNATURE_KEY_H
#define VALIDATORS_SIGNATURE_KEY_H

#include "validators/signature/verification.h"

/*
 * The key in the certificate of a signature: is it one that is accepted, and may the package still
 * spend what a verification with it costs? The certificate of the verification is not NULL.
 */

/* Tell what is wrong with the key itself; *sound when nothing is. Fails with ERR_MEMORY. */
MUST_USE enum err key_check(struct verification *verification, bool *sound, struct fault *fault);

/*
 * Take what one verification with this key costs (SIGNATURE_WORK_MAX) from what is left; false,
 * and nothing is taken, when that is not enough. Only for a sound key.
 */
MUST_USE bool key_take_work(struct verification *verification);

#endif
