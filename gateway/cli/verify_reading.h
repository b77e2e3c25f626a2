#ifndef GATEWAY_CLI_VERIFY_READING_H
#define GATEWAY_CLI_VERIFY_READING_H

#include "gateway/receipt/reading.h"

/*
 * A receipt may be anybody's file, so it is read where every untrusted file is: in a sandboxed
 * child. What the child found out is decoded here without trusting it.
 *
 * Fails with ERR_CRYPTO (the certificates of trust_pem cannot be used), ERR_CHECKER (the child did
 * not come to an end; the text says why, in Polish), ERR_MEMORY or ERR_SYSTEM. Flush stdio before.
 */
MUST_USE enum err verify_reading(struct arena *arena, struct str bytes, struct str trust_pem,
                                 struct reading *out, struct fault *fault);

#endif
