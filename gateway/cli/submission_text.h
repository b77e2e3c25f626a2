#ifndef GATEWAY_CLI_SUBMISSION_TEXT_H
#define GATEWAY_CLI_SUBMISSION_TEXT_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/*
 * What the gateway has to say about one submission, for a person, in the look of `brama validate`:
 * the file's verdict, both times, each report with its signatures, findings and receipts.
 */
enum submission_text_news {
    SUBMISSION_TEXT_FILED,
    SUBMISSION_TEXT_REPEATED,
    SUBMISSION_TEXT_ASKED
};

struct submission_text {
    struct str                name; /* of the file; empty: its number stands for it */
    enum submission_text_news news;
    struct str
        advice; /* what the filing means for who made it; empty: nothing beyond the verdict */
    const json_t *submission; /* GET /submissions/{id} */
    const json_t *findings;   /* items of .../findings; NULL: not asked for */
};

void submission_text_write(struct screen *screen, const struct submission_text *text);

/* A time of the gateway as people write it, behind prefix; what cannot be read stays as it is. */
void submission_text_write_time(struct screen *screen, const char *prefix, struct str text);

/* POST /validations: nothing was filed, so there are neither times nor receipts. */
void submission_text_write_dry(struct screen *screen, struct str name, const json_t *judged,
                               const json_t *answer);

#endif
