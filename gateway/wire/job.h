#ifndef GATEWAY_WIRE_JOB_H
#define GATEWAY_WIRE_JOB_H

#include "gateway/wire/wire.h"
#include "validators/base/moment.h"

/*
 * worker <-> checker: one document to read (WIRE_JOB, with the sealed document and an empty memfd),
 * that it is being read from now on and with what (WIRE_BEGUN), and that its result stands in
 * the memfd (WIRE_JOB_DONE). A document is to blame for what becomes of its checker only once it
 * was begun. Nothing in the answer is believed but that it came.
 */
enum job_kind {
    JOB_PACKAGE = 1, /* result: checked_encode */
    JOB_RECEIPT,     /* result: receipt_reading_encode (receipt/reading.h) */
    JOB_DEFINITIONS, /* a bundle: what comes after it is read with these; nothing is answered */
};

struct job {
    uint64_t      handle;
    enum job_kind kind;
    uint64_t      size;
    moment        at; /* arrival */
};

enum { JOB_DIGEST_SIZE = 32 };

/* With what a document is read and judged: both halves of a judgement must have the same. */
struct job_material {
    unsigned char definitions_sha256[JOB_DIGEST_SIZE];
    unsigned char trust_sha256[JOB_DIGEST_SIZE];
};

struct job_begun {
    uint64_t            handle;
    struct job_material material;
};

struct job_done {
    uint64_t   handle;
    enum err   failed; /* ERR_OK: the result is written */
    struct str text;   /* of the fault */
};

void          job_encode(struct buf *out, const struct job *job);
MUST_USE bool job_decode(struct str body, struct job *out);
bool          job_material_equal(const struct job_material *one, const struct job_material *other);
void          job_begun_encode(struct buf *out, const struct job_begun *begun);
MUST_USE bool job_begun_decode(struct str body, struct job_begun *out);
void          job_done_encode(struct buf *out, const struct job_done *done);
MUST_USE bool job_done_decode(struct arena *arena, struct str body, struct job_done *out);

#endif
