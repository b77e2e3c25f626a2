#include "validators/catalogue/read.h"

enum { SKEW_MAX = 86400, RSA_BITS_MAX = 8192 };

static const char *const revocations[] = {"none", "required", NULL};

static enum err
read_role(const struct source *source, int32_t item, struct policy_role *out, struct fault *fault)
{
    size_t      count = source_count(source, item, "claim");
    struct str *claims = ARENA_NEW(source->arena, struct str, count);
    int32_t     it = element_child(&source->table, item, (struct str){0}, STR("claim"));

    if (claims == NULL) {
        return FAIL(fault, ERR_MEMORY, "claims of a role");
    }
    TRY(source_text(source, item, "name", &out->name, fault));
    if (count == 0) {
        return source_fail(source, item, fault, "rola bez żadnego elementu claim:", out->name);
    }
    for (size_t i = 0; i < count; i++) {
        claims[i] = str_trim(source->table.items[it].text);
        it = element_next(&source->table, it);
    }
    out->claims = claims;
    out->claim_count = count;
    return ERR_OK;
}

static enum err
read_requirement(const struct source *source, int32_t item, struct policy_requirement *out,
                 struct fault *fault)
{
    size_t              count = source_count(source, item, "role");
    struct policy_role *roles = ARENA_NEW(source->arena, struct policy_role, count);
    int32_t             it = element_child(&source->table, item, (struct str){0}, STR("role"));

    if (roles == NULL) {
        return FAIL(fault, ERR_MEMORY, "roles of a requirement");
    }
    out->levels = element_attribute(&source->table, item, "levels");
    for (size_t i = 0; i < count; i++) {
        TRY(read_role(source, it, &roles[i], fault));
        it = element_next(&source->table, it);
    }
    out->roles = roles;
    out->role_count = count;
    return ERR_OK;
}

enum err
read_policy(struct arena *arena, const struct bundle *bundle, struct str path,
            struct signature_policy *out, struct fault *fault)
{
    struct source source = {0};
    int           revocation = -1;

    TRY(source_open(arena, bundle, path, "policy", &source, fault));
    TRY(source_text(&source, 0, "version", &out->version, fault));
    TRY(source_choice(&source, 0, "revocation", revocations, &revocation, fault));
    TRY(source_number(&source, 0, "clock-skew-seconds", SKEW_MAX, &out->clock_skew_seconds, fault));
    TRY(source_number(&source, 0, "rsa-bits-min", RSA_BITS_MAX, &out->rsa_bits_min, fault));
    if (revocation < 0) {
        return source_fail(&source, 0, fault, "brakuje atrybutu", STR("revocation"));
    }
    out->revocation = (enum revocation)revocation;

    size_t                     count = source_count(&source, 0, "requirement");
    struct policy_requirement *requirements = ARENA_NEW(arena, struct policy_requirement, count);
    int32_t it = element_child(&source.table, 0, (struct str){0}, STR("requirement"));
    if (requirements == NULL) {
        return FAIL(fault, ERR_MEMORY, "requirements of the policy");
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_requirement(&source, it, &requirements[i], fault));
        it = element_next(&source.table, it);
    }
    out->requirements = requirements;
    out->requirement_count = count;
    return ERR_OK;
}
