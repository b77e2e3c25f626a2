#ifndef VALIDATORS_SIGNATURE_ROLES_H
#define VALIDATORS_SIGNATURE_ROLES_H

#include "validators/catalogue/policy.h"
#include "validators/package/package.h"

/*
 * Which signatures does a report still need? Pure bookkeeping over the facts that signature_check
 * filled; no cryptography. A signature counts when no step of it failed (an unknown issuer counts
 * as long as no trust store was given: then it is a warning).
 */

/* Findings that the decision makes of the answer; their texts are beside the other PODPIS codes. */
#define SIGNATURE_CODE_MISSING "PODPIS-090"     /* verdict held; {expected}: the missing role */
#define SIGNATURE_CODE_SAME_PERSON "PODPIS-091" /* one certificate in two roles; {found}: whose */

struct roles_answer {
    const struct policy_role *const *missing; /* in the order of the requirement */
    size_t                           missing_count;
    struct str same_person; /* CN of one certificate in two required roles; .data NULL: none */
};

/*
 * requirement NULL: nobody has to sign. report: index into package->reports. The same role twice
 * is harmless. Fails with ERR_MEMORY.
 */
MUST_USE enum err signature_missing_roles(struct arena *arena, const struct package *package,
                                          int32_t                          report,
                                          const struct policy_requirement *requirement,
                                          struct roles_answer *out, struct fault *fault);

#endif
