#include "validators/signature/roles.h"

#include <string.h>

static bool
counts(const struct package_signature *signature, int32_t report, const struct policy_role *role)
{
    return signature->report == report && signature->failed_step == SIGNATURE_STEP_NONE
           && str_equal(signature->policy_role, role->name);
}

/* The next signature that counts for this role, from index `from`; signature_count: none. All
 * signatures of a report stand in its unit, so that only those are looked at. */
static size_t
find_signature(const struct package *package, int32_t report, const struct policy_role *role,
               size_t from)
{
    const struct package_unit *unit = &package->units[package->reports[report].unit];
    size_t                     end = (size_t)unit->signature_from + unit->signature_count;
    size_t                     at = from < unit->signature_from ? unit->signature_from : from;

    while (at < end && !counts(&package->signatures[at], report, role)) {
        at++;
    }
    return at < end ? at : package->signature_count;
}

/* Whether someone signed in both roles with one certificate; then *who. */
static bool
share_person(const struct package *package, int32_t report, const struct policy_role *a,
             const struct policy_role *b, struct str *who)
{
    for (size_t i = find_signature(package, report, a, 0); i < package->signature_count;
         i = find_signature(package, report, a, i + 1)) {
        const struct package_signature *one = &package->signatures[i];
        for (size_t j = find_signature(package, report, b, 0); j < package->signature_count;
             j = find_signature(package, report, b, j + 1)) {
            if (memcmp(one->certificate_sha256, package->signatures[j].certificate_sha256,
                       sizeof one->certificate_sha256)
                == 0) {
                *who = one->signer.data == NULL ? STR("") : one->signer;
                return true;
            }
        }
    }
    return false;
}

static struct str
find_same_person(const struct package *package, int32_t report,
                 const struct policy_requirement *requirement)
{
    struct str who = {0};

    for (size_t i = 0; i < requirement->role_count; i++) {
        for (size_t j = i + 1; j < requirement->role_count; j++) {
            if (share_person(package, report, &requirement->roles[i], &requirement->roles[j],
                             &who)) {
                return who;
            }
        }
    }
    return who;
}

enum err
signature_missing_roles(struct arena *arena, const struct package *package, int32_t report,
                        const struct policy_requirement *requirement, struct roles_answer *out,
                        struct fault *fault)
{
    struct roles_answer answer = {0};

    if (requirement != NULL && requirement->role_count > 0) {
        const struct policy_role **missing =
            ARENA_NEW(arena, const struct policy_role *, requirement->role_count);
        if (missing == NULL) {
            return FAIL(fault, ERR_MEMORY, "missing roles");
        }
        for (size_t i = 0; i < requirement->role_count; i++) {
            const struct policy_role *role = &requirement->roles[i];
            if (find_signature(package, report, role, 0) == package->signature_count) {
                missing[answer.missing_count] = role;
                answer.missing_count++;
            }
        }
        answer.missing = missing;
        answer.same_person = find_same_person(package, report, requirement);
    }
    *out = answer;
    return ERR_OK;
}
