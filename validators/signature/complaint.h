#ifndef VALIDATORS_SIGNATURE_COMPLAINT_H
#define VALIDATORS_SIGNATURE_COMPLAINT_H

#include "validators/signature/verification.h"

/*
 * What may be said of a signature: one code each, and the step that it fails. The words stand in
 * schemas/package/0.3/signature.rules.xml under the same code.
 */
enum complaint {
    COMPLAINT_UNKNOWN_ELEMENT,
    COMPLAINT_MISSING_ELEMENT,
    COMPLAINT_UNKNOWN_ATTRIBUTE,
    COMPLAINT_MISSING_ATTRIBUTE,
    COMPLAINT_IMPURE,
    COMPLAINT_CANONICALIZATION,
    COMPLAINT_SIGNATURE_METHOD,
    COMPLAINT_DIGEST_METHOD,
    COMPLAINT_TRANSFORM,
    COMPLAINT_BASE64,
    COMPLAINT_OWN_REFERENCE,
    COMPLAINT_TARGET,
    COMPLAINT_REPEATED_ID,
    COMPLAINT_BEYOND_LIMITS,
    COMPLAINT_TOO_MANY_CERTIFICATES,
    COMPLAINT_TOO_MUCH_WORK,
    COMPLAINT_UNTIED,
    COMPLAINT_REPORT_DIGEST,
    COMPLAINT_PROPERTIES_DIGEST,
    COMPLAINT_CERTIFICATE_DIGEST,
    COMPLAINT_SERIAL,
    COMPLAINT_ISSUER_NAME,
    COMPLAINT_CERTIFICATE_UNREADABLE,
    COMPLAINT_VALUE,
    COMPLAINT_VALUE_LENGTH,
    COMPLAINT_KEY_KIND,
    COMPLAINT_KEY_SHORT,
    COMPLAINT_KEY_ODD,
    COMPLAINT_TIME_MISSING,
    COMPLAINT_TIME_UNREADABLE,
    COMPLAINT_TIME_FUTURE,
    COMPLAINT_NOT_YET_VALID,
    COMPLAINT_EXPIRED_AT_SIGNING,
    COMPLAINT_INVALID_AT_ARRIVAL,
    COMPLAINT_KEY_USAGE,
    COMPLAINT_AUTHORITY,
    COMPLAINT_WEAK_CERTIFICATE,
    COMPLAINT_UNKNOWN_ISSUER,
    COMPLAINT_BROKEN_PATH,
    COMPLAINT_REVOCATION_UNKNOWN,
    COMPLAINT_ROLE_MISSING,
    COMPLAINT_ROLE_UNKNOWN,
    COMPLAINT_COUNT
};

/* The values of a finding; all may be empty. */
struct complaint_values {
    struct str found;
    struct str expected;
    struct str technical;
};

/*
 * Say it of the element `item` of the signature's table (ELEMENT_NONE: of the whole signature).
 * Sets failed_step when it is the first. Of a signature without report only COMPLAINT_UNTIED is
 * told. Fails with ERR_MEMORY.
 */
MUST_USE enum err complaint_add(struct verification *verification, enum complaint complaint,
                                int32_t item, const struct complaint_values *values,
                                struct fault *fault);

#endif
