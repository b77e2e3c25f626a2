#ifndef TESTS_SUPPORT_RECEIPTS_H
#define TESTS_SUPPORT_RECEIPTS_H

#include "gateway/receipt/seal.h"
#include "tests/support/dice.h"

/*
 * Facts for receipts, all invented, and seals whose keys are made at run time and kept nowhere. The
 * chain of a seal is root -> issuer -> seal, valid 2025-01-01 .. 2040-01-01 unless the kind says
 * otherwise.
 */
enum receipts_seal_kind {
    RECEIPTS_ECDSA,
    RECEIPTS_RSA,
    RECEIPTS_SHORT_LIVED, /* until 2026-06-30 */
    RECEIPTS_WRONG_USAGE, /* keyEncipherment only */
    RECEIPTS_WEAK,        /* RSA 1024 */
    RECEIPTS_OTHER_CURVE, /* P-384 */
    RECEIPTS_SEAL_KIND_COUNT
};

struct receipts_seal {
    struct str key;         /* PEM */
    struct str certificate; /* PEM: the seal's alone */
    struct str chain;       /* PEM: the seal's, then the issuer's */
    struct str issuer;      /* PEM */
    struct str root;        /* PEM */
};

/* New keys each time. ERR_CRYPTO, ERR_MEMORY. */
MUST_USE enum err receipts_seal(struct arena *arena, enum receipts_seal_kind kind,
                                struct receipts_seal *out, struct fault *fault);

/* A receipt as they come: of one unit with two reports and three findings. Texts in every corner of
 * what must be escaped. */
struct receipt_facts receipts_typical(struct arena *arena);

/* Anything that a receipt can state, in every kind; instants in whole milliseconds. */
struct receipt_facts receipts_random(struct arena *arena, struct dice *dice);

/* 10 July 2026, 09:00 in Warsaw. */
#define RECEIPTS_MORNING INT64_C(1783666800412000)

#endif
