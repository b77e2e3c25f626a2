#ifndef TESTS_UNIT_TESTS_SUPPORT_WITNESS_H
#define TESTS_UNIT_TESTS_SUPPORT_WITNESS_H

#include "validators/base/str.h"

/*
 * A second opinion on the signatures of a package, by libxml2's DOM, libxml2's Canonical XML and
 * OpenSSL: it shares no code with the maker (which is canonical by construction) nor with
 * validators/signature. For tests only: it trusts its input in ways a product must not.
 *
 * Each step that fails for any signature of the file sets its bit.
 */
enum witness_step {
    WITNESS_NOT_XML = 1U << 0U,
    WITNESS_REPORT = 1U << 1U,      /* no report of that Id, or another digest */
    WITNESS_PROPERTIES = 1U << 2U,  /* no SignedProperties in the signature, or another digest */
    WITNESS_VALUE = 1U << 3U,       /* SignatureValue over SignedInfo, by KeyInfo's certificate */
    WITNESS_CERTIFICATE = 1U << 4U, /* CertDigest or X509SerialNumber is not of that certificate */
    WITNESS_ISSUER = 1U << 5U,      /* not signed by the authority of ca_pem */
    WITNESS_SHAPE = 1U << 6U        /* something to look at is missing or is there twice */
};

/* What failed in any signature; *count is how many signatures there are. */
unsigned witness_hear(struct str package, struct str ca_pem, size_t *count);

#endif
