#include "validators/signature/signature.h"

#include "validators/signature/verification.h"

#include <string.h>

/* Findings of the package as a whole; those of one signature stand in complaint.c. */
#define CODE_REPEATED_REPORT "PODPIS-021"
#define CODE_NO_TRUST "PODPIS-071"
#define CODE_NO_REVOCATION "PODPIS-074"

const struct signature_limits signature_limits_default = {
    .certificates_max = SIGNATURE_CERTIFICATES_MAX,
    .work_max = SIGNATURE_WORK_MAX,
};

static enum err
add(struct findings *findings, const struct finding *finding, struct fault *fault)
{
    if (findings_add(findings, finding) == FINDING_NO_MEMORY) {
        return FAIL(fault, ERR_MEMORY, "a finding of signatures");
    }
    return ERR_OK;
}

/* Every report whose Id stands anywhere else: no signature can be tied to it. */
static enum err
check_report_identifiers(const struct verification_shared *shared, struct fault *fault)
{
    const struct package *package = shared->request->package;

    for (size_t i = 0; i < package->report_count; i++) {
        const struct report *report = &package->reports[i];
        if (report->id.data == NULL || identifiers_count(&shared->identifiers, report->id) < 2) {
            continue;
        }
        struct finding finding = {.code = CODE_REPEATED_REPORT,
                                  .report = (int32_t)i,
                                  .offset = report->start,
                                  .xpath =
                                      package_report_xpath(shared->arena, report, (struct str){0}),
                                  .subject = report->element,
                                  .found = report->id};
        TRY(add(shared->findings, &finding, fault));
    }
    return ERR_OK;
}

/* What is true of all signatures alike is said once. */
static enum err
tell_what_was_not_checked(const struct verification_shared *shared, struct fault *fault)
{
    const struct signature_request *request = shared->request;
    struct finding                  finding = {.report = FINDING_OF_PACKAGE,
                                               .offset = request->package->version.offset,
                                               .xpath = STR("/PaczkaSprawozdan")};

    finding.found = str_format(shared->arena, "%zu", request->package->signature_count);
    if (request->trust == NULL) {
        memcpy(finding.code, CODE_NO_TRUST, sizeof CODE_NO_TRUST);
        TRY(add(shared->findings, &finding, fault));
    }
    if (request->policy->revocation == REVOCATION_NONE) {
        memcpy(finding.code, CODE_NO_REVOCATION, sizeof CODE_NO_REVOCATION);
        TRY(add(shared->findings, &finding, fault));
    }
    return ERR_OK;
}

/* Until a signature was verified, it is not valid. */
static void
reset_facts(struct package *package)
{
    for (size_t i = 0; i < package->signature_count; i++) {
        package->signatures[i].report = REPORT_NONE;
        package->signatures[i].failed_step = SIGNATURE_STEP_PROFILE;
        package->signatures[i].trusted = false;
        package->signatures[i].time_known = false;
    }
}

static enum err
share(struct verification_shared *shared, struct fault *fault)
{
    const struct package *package = shared->request->package;
    size_t                certificates_max = package->signature_count;

    if (certificates_max > shared->limits->certificates_max) {
        certificates_max = shared->limits->certificates_max;
    }
    shared->work_left = shared->limits->work_max;
    shared->certificates = certificates_create(shared->arena, certificates_max);
    shared->digests = ARENA_NEW(shared->arena, struct report_digest, package->report_count);
    if (shared->certificates == NULL || shared->digests == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu signatures", package->signature_count);
    }
    return identifiers_collect(shared->arena, package, &shared->identifiers, fault);
}

enum err
signature_check(struct arena *arena, const struct signature_request *request,
                struct findings *findings, struct fault *fault)
{
    struct package            *package = request->package;
    struct verification_shared shared = {.arena = arena, .request = request, .findings = findings};

    shared.limits = request->limits == NULL ? &signature_limits_default : request->limits;
    reset_facts(package);
    if (!package->complete) {
        return ERR_OK;
    }
    TRY(share(&shared, fault));
    TRY(check_report_identifiers(&shared, fault));
    if (package->signature_count == 0) {
        return ERR_OK;
    }
    TRY(tell_what_was_not_checked(&shared, fault)); /* first: a flood of others takes no place */
    for (size_t i = 0; i < package->signature_count; i++) {
        TRY(verification_run(&shared, &package->signatures[i], fault));
    }
    return ERR_OK;
}
