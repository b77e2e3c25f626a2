#ifndef VALIDATORS_SIGNATURE_SIGNATURE_H
#define VALIDATORS_SIGNATURE_SIGNATURE_H

#include "validators/catalogue/policy.h"
#include "validators/finding/finding.h"
#include "validators/package/package.h"

/*
 * Are the signatures of a package good? BeSTi@'s XAdES 1.1.1 (domain.md 5) and nothing else: RSA
 * PKCS#1 v1.5 with SHA-256, one certificate, two references, every element and attribute named in
 * profile.h; whatever is outside is refused by its name, never skipped.
 *
 * What is verified is what is consumed: the digest of a report is computed over the very bytes
 * [report.start, report.end) that the pass turned into columns. SignedProperties are resolved only
 * inside their own Signature. Every step that makes sense is tried, so that all faults are told at
 * once; failed_step is the first of them in the order of enum signature_step.
 *
 * A finding of a signature stands at the report that it refers to. A signature that cannot be tied
 * to exactly one report of its unit gives one finding of the package (PODPIS-020) and leaves the
 * report without it, which the decision sees as a missing role (roles.h).
 *
 * Knows no network, no clock, no files. Not thread-safe on one package.
 */
enum {
    SIGNATURE_CERTIFICATE_MAX = 16 * 1024, /* bytes of DER */
    SIGNATURE_RSA_BITS_MAX = 8192,
    SIGNATURE_EXPONENT_BITS_MAX = 33, /* 65537 is what is used; longer ones only cost time */
    /* Different ones in one package: above two signers for each of the units that fit a file. */
    SIGNATURE_CERTIFICATES_MAX = 2000,
    /*
     * What all RSA verifications of one package may cost, each the square of the key's length in
     * kilobits times the bits of its exponent: 68 for RSA 2048 with 65537. Above two RSA 4096
     * signatures under two reports of each of those units.
     */
    SIGNATURE_WORK_MAX = 1000 * 1000,
};

/* Beyond them a signature is not judged: it is not valid, and its report stays undecided. */
struct signature_limits {
    size_t   certificates_max;
    uint64_t work_max;
};

extern const struct signature_limits signature_limits_default;

/* The certificates that the caller trusts: roots or issuers; read-only once parsed. */
struct signature_trust;

/*
 * Several PEM certificates; text between them is skipped. Before the sandbox, once. Fails with
 * ERR_SYNTAX (none, or one that cannot be read), ERR_CRYPTO, ERR_MEMORY. Lives as long as arena.
 */
MUST_USE enum err signature_trust_parse(struct arena *arena, struct str pem,
                                        struct signature_trust **out, struct fault *fault);

/* Whom each of them names: its subject and who issued it, "CN=Urząd,O=Firma,C=PL"; lives as long as
 * the trust. */
size_t     signature_trust_name_count(const struct signature_trust *trust);
struct str signature_trust_name(const struct signature_trust *trust, size_t index);

/*
 * Make OpenSSL and what it uses load whatever they load lazily, without OpenSSL's configuration
 * file, so that nothing is opened later on, inside the sandbox. Once per process, before threads.
 */
void signature_warm_up(void);

struct signature_request {
    struct str                     bytes;   /* the file */
    struct package                *package; /* facts of its signatures are filled */
    const struct signature_policy *policy;
    const struct signature_trust  *trust;  /* NULL: none was given */
    moment                         at;     /* arrival */
    const struct signature_limits *limits; /* NULL: signature_limits_default */
};

/*
 * Fill the facts of every signature of the package and add the findings. A package that was not
 * read to its end has no valid signature: facts say SIGNATURE_STEP_PROFILE, no finding is added.
 * Fails only when we could not work: ERR_MEMORY, ERR_CRYPTO.
 */
MUST_USE enum err signature_check(struct arena *arena, const struct signature_request *request,
                                  struct findings *findings, struct fault *fault);

#endif
