#ifndef GATEWAY_RECEIPT_IMPRINT_H
#define GATEWAY_RECEIPT_IMPRINT_H

#include "gateway/receipt/scan.h"
#include "validators/base/buf.h"
#include "validators/base/moment.h"

/*
 * What the seal leaves on a receipt: ds:Signature in its one form (XAdES baseline B-B, enveloped,
 * exclusive C14N, SHA-256), as values and as text. No cryptography here.
 *
 * Three texts are digested. Each is written as Exclusive C14N would write it, so nobody needs a
 * tree: the document without this element, SignedProperties with its name spaces, SignedInfo with
 * its own. In the receipt the last two stand without the name spaces that are in force around them.
 * Every certificate in KeyInfo is named by its digest in SigningCertificateV2, the signer's first,
 * so that none can be changed unseen.
 */
enum imprint_method { IMPRINT_ECDSA, IMPRINT_RSA };

enum {
    IMPRINT_DIGEST_SIZE = 32,
    IMPRINT_CHAIN_MAX = 4,
    IMPRINT_CERTIFICATE_MAX = 8 * 1024,
    IMPRINT_SCALAR_SIZE = 32,                     /* half of an ECDSA value */
    IMPRINT_ECDSA_SIZE = 2 * IMPRINT_SCALAR_SIZE, /* r, then s: not DER */
    IMPRINT_VALUE_MAX = 1024,
};

struct imprint_certificate {
    struct str    der;
    unsigned char sha256[IMPRINT_DIGEST_SIZE];
};

struct imprint {
    enum imprint_method        method;
    instant                    signed_at;
    unsigned char              document_sha256[IMPRINT_DIGEST_SIZE];
    unsigned char              properties_sha256[IMPRINT_DIGEST_SIZE];
    struct imprint_certificate chain[IMPRINT_CHAIN_MAX]; /* the signer's first */
    size_t                     chain_count;
    struct str                 value; /* r || s, or the RSA value */
};

/* The canonical texts whose digests are signed. */
void imprint_write_properties(struct buf *out, const struct imprint *imprint);
void imprint_write_signed_info(struct buf *out, const struct imprint *imprint);

/* KeyInfo, the same for every receipt of one seal. */
void imprint_write_key(struct buf *out, const struct imprint *imprint);

/* ds:Signature; key: what imprint_write_key wrote. */
void imprint_write(struct buf *out, const struct imprint *imprint, struct str key);

/* Read ds:Signature; scan->bad when it is not there. What is spelt otherwise shows when it is
 * written anew. */
void imprint_read(struct scan *scan, struct imprint *out);

#endif
