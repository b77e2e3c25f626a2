#ifndef GATEWAY_CLI_VERIFY_TEXT_H
#define GATEWAY_CLI_VERIFY_TEXT_H

#include "gateway/cli/screen.h"
#include "gateway/cli/verify_reading.h"

/*
 * What was found out about a receipt, for a person. What an altered receipt states is
 * not told: only a receipt whose digests and value agree is quoted.
 */
struct verification_lost {
    struct str form;
    struct str period;
    struct str regon;
};

struct verification {
    struct str        receipt_name;
    struct reading    reading;
    enum verify_stamp stamp;
    instant           stamped_at;
    const char       *hint;         /* what to do about it; NULL: nothing */
    bool              has_trust;    /* somebody was named who may seal */
    bool              has_document; /* a file was given beside the receipt */
    struct str        document_name;
    unsigned char     sha256[32];    /* of that file */
    bool              matches;       /* it is the one that the receipt is of */
    const char       *document_hint; /* what to do about it when it is not; NULL: nothing */
    const struct verification_lost
              *lost; /* reports no longer in force, when the gateway named them */
    size_t     lost_count;
    struct str status; /* "current", "superseded", "unknown"; empty: the gateway did not say */
};

void verify_text_write(struct screen *screen, const struct verification *told);

/* What the gateway says of it, in a line of its own; then a line for each report that is lost. */
void verify_text_status(struct screen *screen, const struct verification *told);

/* That it was not asked, and why. */
void verify_text_not_asked(struct screen *screen, const char *why);
void verify_text_not_told(struct screen *screen, const char *why); /* asked in vain */

#endif
