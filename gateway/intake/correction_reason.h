#ifndef GATEWAY_INTAKE_CORRECTION_REASON_H
#define GATEWAY_INTAKE_CORRECTION_REASON_H

#include "gateway/intake/mandate.h"

/*
 * Why a report was corrected. BeSTi@'s files do not say it, so it is asked for afterwards and never
 * stands in the way of anything. What is given stays; a better one is the next revision. Whether
 * the code is one of the dictionary and the text within its limits is the caller's to say.
 */
enum { CORRECTION_REASON_REVISION_MAX = 100, CORRECTION_REASON_TEXT_MAX = 1000 /* characters */ };

struct correction_reason_request {
    struct uuid    id;
    uint32_t       report;   /* ordinal in the package, from 1 */
    struct mandate mandate;  /* who gives it: who filed, or may file for the unit of the report */
    uint32_t       revision; /* that it follows; 0: none was given */
    struct str     code;
    struct str     text; /* may be empty */
};

enum correction_reason_end {
    CORRECTION_REASON_KEPT = 1,
    CORRECTION_REASON_SAME,   /* it stands there already, word for word: nothing is written */
    CORRECTION_REASON_ABSENT, /* no such report, or somebody else's */
    CORRECTION_REASON_NO_CORRECTION, /* it replaces nothing, or is not accepted */
    CORRECTION_REASON_CHANGED,       /* another revision holds: somebody was first */
    CORRECTION_REASON_FULL,          /* so often that no further one is kept */
    CORRECTION_REASON_REFUSED,       /* the mandate does not hold, nothing was looked at */
};

struct correction_reason {
    enum correction_reason_end end;
    enum mandate_state         mandate;
    uint32_t                   revision; /* that holds now; 0: none */
    instant                    at;       /* KEPT */
};

/* Commits. */
MUST_USE enum err correction_reason_give(struct store *store, struct arena *arena,
                                         const struct correction_reason_request *request,
                                         struct correction_reason *out, struct fault *fault);

#endif
