#ifndef VALIDATORS_SIGNATURE_TRUST_H
#define VALIDATORS_SIGNATURE_TRUST_H

#include "validators/signature/certificate.h"
#include "validators/signature/signature.h"

/*
 * The way from a signer's certificate to the trust store, at a moment. KeyInfo brings one
 * certificate only, so its issuer must be in the store: a root or an intermediate. No network, no
 * revocation lists. The signer's own validity is judged elsewhere; that of the issuers here.
 */

/* Sets certificate->path, and path_fault when broken. Fails with ERR_CRYPTO or ERR_MEMORY. */
MUST_USE enum err trust_find_path(const struct signature_trust *trust,
                                  struct certificate *certificate, moment at, struct fault *fault);

#endif
