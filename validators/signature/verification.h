#ifndef VALIDATORS_SIGNATURE_VERIFICATION_H
#define VALIDATORS_SIGNATURE_VERIFICATION_H

#include "validators/signature/certificate.h"
#include "validators/signature/identifiers.h"
#include "validators/signature/shape.h"
#include "validators/signature/signature.h"

/*
 * The verification of one signature, step by step in the order of enum signature_step. What several
 * signatures of a package share (certificates, digests of reports) is computed once.
 */

/* The digest of a report element as it stands in the file. */
struct report_digest {
    bool          known;   /* computed, or found to be beyond C14N's limits */
    enum err      outcome; /* ERR_OK, or why there is none */
    unsigned char sha256[32];
};

/* What belongs to the package as a whole. */
struct verification_shared {
    struct arena                   *arena;
    const struct signature_request *request;
    struct findings                *findings;
    const struct signature_limits  *limits;
    uint64_t                        work_left; /* of limits->work_max */
    struct identifiers              identifiers;
    struct certificates            *certificates;
    struct report_digest           *digests; /* one for each report */
};

struct verification {
    struct verification_shared *shared;
    struct package_signature   *signature;
    struct shape                shape;
    struct certificate         *certificate;         /* NULL: none that can be read */
    enum err                    certificate_outcome; /* ERR_SYNTAX: not base64 */
    struct str                  untold; /* the first fault not told, of an untied signature */
};

/* Fill the facts of one signature and add its findings. Fails with ERR_MEMORY or ERR_CRYPTO. */
MUST_USE enum err verification_run(struct verification_shared *shared,
                                   struct package_signature *signature, struct fault *fault);

#endif
