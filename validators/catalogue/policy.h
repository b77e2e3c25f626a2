#ifndef VALIDATORS_CATALOGUE_POLICY_H
#define VALIDATORS_CATALOGUE_POLICY_H

#include "validators/base/str.h"

/*
 * Who must sign, and what the gateway requires of a signature: signature-policy/ of the bundle. The
 * profile (algorithms, shape) is code, as each step of it is a check of its own; who and when is
 * data.
 */
enum revocation { REVOCATION_NONE, REVOCATION_REQUIRED };

/* A role and the texts of ClaimedRole that mean it. */
struct policy_role {
    struct str        name; /* "główny księgowy" */
    const struct str *claims;
    size_t            claim_count;
};

/* Reports of these levels need one valid signature of each role. */
struct policy_requirement {
    struct str                levels; /* space-separated; empty = any level */
    const struct policy_role *roles;
    size_t                    role_count;
};

struct signature_policy {
    struct str                       version;
    enum revocation                  revocation;
    int                              clock_skew_seconds; /* SigningTime may lie this far ahead */
    int                              rsa_bits_min;
    const struct policy_requirement *requirements; /* the first that matches the level holds */
    size_t                           requirement_count;
};

/* The requirement for a level, or NULL: no signature is required. */
const struct policy_requirement *policy_requirement(const struct signature_policy *policy,
                                                    struct str                     level);

/* The role that a claim means within a requirement (NULL: within any), or NULL. */
const struct policy_role *policy_role(const struct signature_policy   *policy,
                                      const struct policy_requirement *requirement,
                                      struct str                       claim);

#endif
