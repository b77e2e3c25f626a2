#ifndef VALIDATORS_SIGNATURE_SIGNER_H
#define VALIDATORS_SIGNATURE_SIGNER_H

#include "validators/signature/verification.h"

/*
 * The steps that are about the person: which certificate was meant, when it was used, whether it
 * was valid then and at arrival, who issued it, in which role its owner signed. Each fails with
 * ERR_MEMORY or ERR_CRYPTO only.
 */
MUST_USE enum err signer_check_certificate(struct verification *verification, struct fault *fault);
MUST_USE enum err signer_check_time(struct verification *verification, struct fault *fault);
MUST_USE enum err signer_check_validity(struct verification *verification, struct fault *fault);
MUST_USE enum err signer_check_issuer(struct verification *verification, struct fault *fault);
MUST_USE enum err signer_check_role(struct verification *verification, struct fault *fault);

#endif
