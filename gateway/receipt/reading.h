#ifndef GATEWAY_RECEIPT_READING_H
#define GATEWAY_RECEIPT_READING_H

#include "gateway/receipt/receipt.h"

/*
 * A receipt read back and verified, byte for byte: facts are taken out of the text by a strict
 * reader of exactly the form that receipt_write and seal_receipt write (no XML library), the text
 * is written anew from them, and both must agree in every byte; then the digests, the signature
 * value, the certificate's identity in SignedProperties, its path to a trusted seal certificate.
 * So any altered byte is detected, and where. The bytes may be anybody's: work is linear, memory
 * bounded by the arena.
 */
enum reading_step {
    READING_GOOD = 0,
    READING_SHAPE,       /* not a receipt of ours, or altered in its form; place is the byte */
    READING_DIGEST,      /* the text does not have the digest that was signed */
    READING_PROPERTIES,  /* the signed properties do not */
    READING_CERTIFICATE, /* the certificate is not the one that the properties name */
    READING_VALUE,       /* the signature value is wrong */
    READING_ISSUER,      /* signed well, by a certificate that is not trusted */
    READING_VALIDITY,    /* the certificate was not valid when the receipt was signed */
    READING_STEP_COUNT
};

struct reading {
    enum reading_step    step;
    size_t               place; /* SHAPE: first byte that cannot be right */
    bool                 has_facts;
    struct receipt_facts facts;
    instant              signed_at;
    struct str           sealed_by; /* CN */
    unsigned char        certificate_sha256[32];
};

/* trust_pem: seal certificates or their issuers; empty: nobody is trusted. A bad receipt is a
 * result; ERR_MEMORY and ERR_CRYPTO are failures. */
MUST_USE enum err reading_make(struct arena *arena, struct str bytes, struct str trust_pem,
                               struct reading *out, struct fault *fault);

const char *reading_step_text(enum reading_step step); /* Polish, for the person who asked */

/* The seal belongs to this text, whoever's it is: what the receipt states may be repeated. */
bool reading_is_quotable(const struct reading *reading);

/* For the way out of the sandbox; the reader of these bytes trusts nothing. */
void              reading_encode(struct buf *out, const struct reading *reading);
MUST_USE enum err reading_decode(struct arena *arena, struct str bytes, struct reading *out,
                                 struct fault *fault);

#endif
