#ifndef VALIDATORS_SIGNATURE_ISSUER_H
#define VALIDATORS_SIGNATURE_ISSUER_H

#include "validators/base/str.h"

#include <openssl/types.h>

/*
 * Does a ds:X509IssuerName mean this issuer? Programs write names in many ways, and the name adds
 * nothing to the digest of the certificate beside it, so the reading is generous: RFC 4514, 2253
 * and 1779 alike, parts in any order, any white space, letters of either case, types as short
 * names, long names or numbers. A type that we do not know, and a value written as #hex, match any
 * part. But every part must have its own counterpart, and none may be left over.
 */
enum { ISSUER_PARTS_MAX = 16, ISSUER_TEXT_MAX = 2048 };

/* False also when either has more parts than ISSUER_PARTS_MAX, or no part, or memory is short. */
bool issuer_matches(const X509_NAME *name, struct str text);

#endif
