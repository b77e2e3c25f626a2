#ifndef GATEWAY_CLI_VERIFY_READING_H
#define GATEWAY_CLI_VERIFY_READING_H

#include "gateway/receipt/reading.h"

/*
 * A receipt may be anybody's file, so it is read where every untrusted file is: in a sandboxed
 * child. What the child found out is decoded here without trusting it.
 *
 * A receipt with a time stamp is taken apart there: what is read is the receipt itself, and of the
 * stamp is said whether it holds. Without trust in anybody who makes time stamps nothing is said.
 *
 * Fails with ERR_CRYPTO (the certificates of trust_pem or stamp_trust_pem cannot be used),
 * ERR_CHECKER (the child did not come to an end; the text says why, in Polish), ERR_MEMORY or
 * ERR_SYSTEM. Flush stdio before.
 */
enum verify_stamp {
    VERIFY_STAMP_NONE,
    VERIFY_STAMP_UNKNOWN, /* it is there; nobody is trusted to have made it */
    VERIFY_STAMP_GOOD,
    VERIFY_STAMP_BAD,
    VERIFY_STAMP_COUNT
};

struct verify_input {
    struct str bytes;
    struct str trust_pem;
    struct str stamp_trust_pem; /* empty: nobody */
};

struct verify_output {
    struct reading    reading;
    enum verify_stamp stamp;
    instant           stamped_at; /* GOOD */
};

MUST_USE enum err verify_reading(struct arena *arena, const struct verify_input *input,
                                 struct verify_output *out, struct fault *fault);

#endif
