#ifndef GATEWAY_INTAKE_CONTEXT_H
#define GATEWAY_INTAKE_CONTEXT_H

#include "gateway/intake/conclusion.h"

/*
 * What a decision read besides the document, the definitions and the trust, and what nobody could
 * find out later, because the registry and the reports in force go on changing: who the sender was
 * and what the receiver was called, what the registry answered of each unit, what stood before each
 * report, which outages of ours were entered by then, how its set stood with it. Kept with each
 * decision (intake.context), so that it can be replayed as it was.
 *
 * The bytes are a parcel (parcel.h) that begins with the number of its form.
 */
enum { CONTEXT_SIZE_MAX = 32 * 1024 * 1024 };

struct context {
    enum environment        environment;
    struct str              receiver;
    struct str              sender_name;
    struct str              sender_regon;
    int64_t                 sender;
    struct str              switched_off; /* codes of rules that were off */
    struct registry_answer *units;
    size_t                  unit_count;
    struct before          *before; /* one for each report */
    enum timeliness        *twins;  /* filed.twin, one for each report */
    struct filed_set       *sets;   /* filed.set, one for each report */
    size_t                  report_count;
    struct filed_outages    outages;
};

/* out->full when it does not fit. Needs what conclusion_context and the judge of sets have filled.
 */
void context_encode(struct buf *out, const struct concluding *item);

/* One row for each item, with all else that a decision writes. */
MUST_USE enum err context_write(struct store *store, struct arena *arena,
                                const struct concluding *items, size_t count, struct fault *fault);

/* ERR_WIRE when these are not bytes that context_encode wrote, ERR_MEMORY. */
MUST_USE enum err context_decode(struct arena *arena, struct str bytes, struct context *out,
                                 struct fault *fault);

#endif
