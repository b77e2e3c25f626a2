#include "validators/check/check.h"

#include "validators/document/document.h"
#include "validators/signature/signature.h"

static enum err
check_signatures(struct arena *arena, const struct check_request *request, struct checked *checked,
                 struct fault *fault)
{
    struct signature_request signatures = {.bytes = request->bytes,
                                           .package = &checked->package,
                                           .policy = &request->catalogue->policy,
                                           .trust = request->trust,
                                           .at = request->at};

    return signature_check(arena, &signatures, checked->findings, fault);
}

enum err
check_run(struct arena *arena, const struct check_request *request, struct checked *out,
          struct fault *fault)
{
    struct prescan_result prescan = {0};
    struct checked        checked = {.findings = findings_create(arena)};

    if (checked.findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "findings of a file");
    }
    TRY(prescan_check(arena, request->bytes, request->limits, &prescan, fault));
    if (prescan.refused) {
        if (findings_add(checked.findings, &prescan.refusal) != FINDING_ADDED) {
            return FAIL(fault, ERR_MEMORY, "findings of a file");
        }
        *out = checked;
        return ERR_OK;
    }
    TRY(document_read(arena, request->bytes, request->catalogue, request->schemas, &checked.package,
                      checked.findings, fault));
    TRY(check_signatures(arena, request, &checked, fault));
    *out = checked;
    return ERR_OK;
}
