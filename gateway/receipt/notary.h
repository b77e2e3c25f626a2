#ifndef GATEWAY_RECEIPT_NOTARY_H
#define GATEWAY_RECEIPT_NOTARY_H

#include "gateway/receipt/imprint.h"
#include "gateway/receipt/reading.h"

/*
 * The cryptographic half of reading a receipt: digests, the chain, the value, who is trusted.
 * Certificates are anybody's; no path is searched beyond those on the receipt.
 */
struct notary_opinion {
    enum reading_step step;
    struct str        sealed_by; /* CN of the signer's certificate; may be empty */
};

/* document: as its digest sees it. Fails with ERR_MEMORY or ERR_CRYPTO; untrustworthy trust_pem is
 * ERR_CRYPTO too (empty: nobody is trusted). */
MUST_USE enum err notary_examine(struct arena *arena, struct str document,
                                 const struct imprint *imprint, struct str trust_pem,
                                 struct notary_opinion *out, struct fault *fault);

#endif
