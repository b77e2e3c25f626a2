#ifndef GATEWAY_ANCHORS_ANCHORS_H
#define GATEWAY_ANCHORS_ANCHORS_H

#include "validators/base/err.h"
#include "validators/base/str.h"

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * Whom we trust, as the operator has written it: a PEM file of certificates into a store of
 * OpenSSL. Knows nothing of what they are trusted for.
 */

/* The certificates of the PEM are in the store, up to the first that cannot be read; false: none.
 */
MUST_USE bool anchors_fill(X509_STORE *store, struct str pem);

#endif
