#ifndef VALIDATORS_SIGNATURE_PROFILE_H
#define VALIDATORS_SIGNATURE_PROFILE_H

#include "validators/signature/verification.h"

/*
 * The profile of BeSTi@'s XAdES 1.1.1 (domain.md 5): the shape (shape.h), and in it exactly these
 * algorithms and references. SHA-1, ECDSA, PSS, HMAC, XPath, XSLT, time stamps and whatever else
 * the standards allow are refused by their names.
 */

/* Tell everything outside the profile. Fails with ERR_MEMORY. */
MUST_USE enum err profile_check(struct verification *verification, struct fault *fault);

/* Whether a part names the algorithm that the profile wants there. */
bool profile_algorithm_is_right(const struct verification *verification, enum shape_part part);

#endif
