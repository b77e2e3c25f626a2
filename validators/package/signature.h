#ifndef VALIDATORS_PACKAGE_SIGNATURE_H
#define VALIDATORS_PACKAGE_SIGNATURE_H

#include "validators/base/moment.h"
#include "validators/element/element.h"

/*
 * One ds:Signature of a package: what stands in the file, and the facts that validators/signature
 * found out about it.
 */

enum { REPORT_NONE = -1 };

/* Which step of the verification failed; SIGNATURE_STEP_NONE = all passed. */
enum signature_step {
    SIGNATURE_STEP_NONE,
    SIGNATURE_STEP_PROFILE,     /* outside the accepted profile, refused by name */
    SIGNATURE_STEP_REFERENCE,   /* cannot be tied to exactly one report of its unit */
    SIGNATURE_STEP_REPORT,      /* digest of the report element */
    SIGNATURE_STEP_PROPERTIES,  /* digest of its own SignedProperties */
    SIGNATURE_STEP_CERTIFICATE, /* SigningCertificate does not name the certificate in KeyInfo */
    SIGNATURE_STEP_VALUE,       /* SignatureValue over SignedInfo */
    SIGNATURE_STEP_TIME,        /* SigningTime missing, unreadable or in the future */
    SIGNATURE_STEP_VALIDITY,    /* certificate not valid at SigningTime or at arrival */
    SIGNATURE_STEP_ISSUER,      /* no path to the trust store */
    SIGNATURE_STEP_ROLE,        /* no role, or none that the policy knows */
    SIGNATURE_STEP_COUNT
};

struct package_signature {
    struct element_table              table; /* the whole ds:Signature; not sent across processes */
    const struct element_declaration *scope; /* as struct report.scope, for inclusive C14N */
    size_t                            scope_count;
    uint32_t                          unit;
    uint32_t                          ordinal; /* among the unit's signatures, from 1 */
    uint32_t                          start;
    uint32_t                          end;

    /* Facts, filled by signature_check. */
    int32_t             report; /* index into package.reports, or REPORT_NONE */
    enum signature_step failed_step;
    bool                trusted;    /* path to the trust store found */
    bool                time_known; /* signing_time was read */
    moment              signing_time;
    struct str          role;        /* as claimed: "Główny Księgowy" */
    struct str          policy_role; /* the policy's name of that role; empty if it knows none */
    struct str          signer;      /* the certificate's CN; never its serialNumber */
    unsigned char       certificate_sha256[32];
};

const char *signature_step_name(enum signature_step step); /* "skrot-sprawozdania", for machines */

#endif
