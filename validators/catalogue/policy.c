#include "validators/catalogue/policy.h"

const struct policy_requirement *
policy_requirement(const struct signature_policy *policy, struct str level)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        struct str levels = policy->requirements[i].levels;
        if (levels.size == 0 || str_has_word(levels, level)) {
            return &policy->requirements[i];
        }
    }
    return NULL;
}

static const struct policy_role *
role_within(const struct policy_requirement *requirement, struct str claim)
{
    for (size_t i = 0; i < requirement->role_count; i++) {
        const struct policy_role *role = &requirement->roles[i];
        for (size_t j = 0; j < role->claim_count; j++) {
            if (str_equal(role->claims[j], claim)) {
                return role;
            }
        }
    }
    return NULL;
}

const struct policy_role *
policy_role(const struct signature_policy *policy, const struct policy_requirement *requirement,
            struct str claim)
{
    if (requirement != NULL) {
        return role_within(requirement, claim);
    }
    for (size_t i = 0; i < policy->requirement_count; i++) {
        const struct policy_role *role = role_within(&policy->requirements[i], claim);
        if (role != NULL) {
            return role;
        }
    }
    return NULL;
}
