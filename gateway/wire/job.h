#ifndef GATEWAY_WIRE_JOB_H
#define GATEWAY_WIRE_JOB_H

#include "gateway/wire/wire.h"
#include "validators/base/moment.h"

/*
 * worker <-> checker: one document to read (WIRE_JOB, with the sealed document and an empty memfd),
 * and that its result stands in the memfd (WIRE_JOB_DONE). Nothing in the answer is believed but
 * that it came.
 */
enum job_kind {
    JOB_PACKAGE = 1, /* result: checked_encode */
    JOB_RECEIPT,     /* result: receipt_reading_encode (receipt/reading.h) */
};

struct job {
    uint64_t      handle;
    enum job_kind kind;
    uint64_t      size;
    moment        at; /* arrival */
};

struct job_done {
    uint64_t   handle;
    enum err   failed; /* ERR_OK: the result is written */
    struct str text;   /* of the fault */
};

void          job_encode(struct buf *out, const struct job *job);
MUST_USE bool job_decode(struct str body, struct job *out);
void          job_done_encode(struct buf *out, const struct job_done *done);
MUST_USE bool job_done_decode(struct arena *arena, struct str body, struct job_done *out);

#endif
