#ifndef GATEWAY_REFERENCE_REFERENCE_H
#define GATEWAY_REFERENCE_REFERENCE_H

#include "gateway/store/store.h"
#include "validators/rules/rules.h"

/*
 * Figures that reports are held against (validators/rules/rules.h), as the store keeps them: in
 * editions that never change, made by control.h (published amounts, plans) and plausibility.h.
 * Which editions hold for a period is its newest reading; what a decision read is named by the
 * digest of that, so that it depends on no other submission and can be read again. As brama_writer
 * or brama_admin.
 */
struct reference_question {
    int64_t     unit; /* of the registry */
    struct str  form; /* "RB27S" */
    struct str  level;
    struct str  variant;
    struct date period_end;
    struct str  period_type;
};

struct reference_answer {
    bool           exists; /* something is in force for the period */
    unsigned char  sha256[32];
    struct figure *items; /* .report is left to the caller */
    size_t         count;
};

struct reference_request {
    const struct reference_question *questions;
    size_t                           count;
    const unsigned char             *reading; /* its digest, 32 bytes; NULL: the newest */
};

/* One answer for each question, in one round trip; none: no trip. Fails as store_run. */
MUST_USE enum err reference_ask(struct store *store, struct arena *arena,
                                const struct reference_request *request,
                                struct reference_answer *answers, struct fault *fault);

#endif
