#ifndef GATEWAY_SIGNER_SEALING_H
#define GATEWAY_SIGNER_SEALING_H

#include "gateway/receipt/seal.h"

/*
 * worker <-> signer: the blob of WIRE_SEALING (facts), the blob of WIRE_SEALED (receipts in the
 * same order), and the body of both messages. Whoever reads one trusts none of its lengths.
 */
struct sealing {
    uint64_t handle; /* the worker's own; comes back unchanged */
    enum err failed; /* of the answer; ERR_OK: the receipts are in the blob */
    uint64_t place;  /* of the answer: which facts could not be signed, from 0 */
};

void          sealing_encode(struct buf *out, const struct sealing *sealing);
MUST_USE bool sealing_decode(struct str body, struct sealing *out);

void sealing_encode_facts(struct buf *out, const struct receipt_facts *facts, size_t count,
                          instant at);

/*
 * Sign what such a blob asks for and append the blob of the answer to out. *count: how many are
 * signed; on failure, how many were before the one that could not be. ERR_WIRE when the blob is
 * malformed, ERR_USAGE when the facts of one receipt are; else as seal_receipt.
 */
MUST_USE enum err sealing_sign(struct arena *arena, const struct seal *seal, struct str facts,
                               struct buf *out, size_t *count, struct fault *fault);

/* The receipts of an answer, which must be count. They live in bytes. ERR_WIRE. */
MUST_USE enum err sealing_decode_receipts(struct str bytes, size_t count, struct str *receipts,
                                          struct fault *fault);

#endif
