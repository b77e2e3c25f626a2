#include "validators/decision/decision.h"

#include "validators/decision/objection.h"
#include "validators/decision/registration.h"
#include "validators/decision/versions.h"
#include "validators/decision/working.h"
#include "validators/signature/roles.h"

static struct docket
open_docket(struct arena *arena, const struct working *working, int32_t report)
{
    const struct catalogue *catalogue = working->rules.catalogue;
    struct docket           docket = {.arena = arena, .catalogue = catalogue};

    docket.circumstances =
        working->rules.package == NULL
            ? (struct circumstances){.environment = (int)working->rules.environment,
                                     .trust_given = working->rules.trust_given,
                                     .switched_off = working->rules.switched_off}
            : rules_circumstances(&working->rules, report);

    if (report != FINDING_OF_PACKAGE) {
        docket.report = &working->rules.package->reports[report];
        docket.objection = working->file->objection;
        docket.form = docket.report->form >= 0 ? &catalogue->forms[docket.report->form] : NULL;
    }
    return docket;
}

/* Whether the file broke off as XML: that is then all that is said of the package (design.md 4). */
static bool
is_broken_xml(const struct findings *findings)
{
    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct finding *finding = findings_at(findings, i);
        if (finding->report == FINDING_OF_PACKAGE
            && str_starts_with(str_of(finding->code), STR("XML-"))) {
            return true;
        }
    }
    return false;
}

/*
 * A file that is not XML has no units. A report that is hidden anywhere may be the one that was
 * signed, and behind a limit a unit may stand for the second time: no report of the package can be
 * accepted then.
 */
static bool
concerns_all(const struct finding *finding)
{
    static const char *const codes[] = {DECISION_CODE_HIDDEN, DECISION_CODE_UNITS,
                                        DECISION_CODE_REPORTS};

    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        if (str_equal(str_of(finding->code), str_of(codes[i]))) {
            return true;
        }
    }
    return str_starts_with(str_of(finding->code), STR("XML-"));
}

/* The unit inside which a finding of the package stands, or NULL: its own reports answer for it. */
static const struct package_unit *
unit_of(const struct working *working, const struct finding *finding)
{
    const struct package *package = working->rules.package;
    size_t                low = 0;
    size_t                high = package->unit_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (package->units[middle].identity.offset <= finding->offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct package_unit *unit = low == 0 ? NULL : &package->units[low - 1];
    bool inside = unit != NULL && finding->offset < unit->end && unit->report_count > 0;

    return inside && !concerns_all(finding) ? unit : NULL;
}

/* A finding of the package: at the reports of its unit, or at the file and then for all reports. */
static enum err
enter_of_package(struct working *working, const struct finding *finding, struct fault *fault)
{
    const struct package_unit *unit = unit_of(working, finding);

    if (unit == NULL) {
        TRY(docket_add(&working->wide, finding, fault));
        return docket_add(&working->package, finding, fault);
    }
    for (uint32_t i = 0; i < unit->report_count; i++) {
        struct finding copy = *finding;
        copy.report = (int32_t)(unit->report_from + i);
        TRY(docket_add(&working->reports[copy.report], &copy, fault));
    }
    return ERR_OK;
}

static enum err
enter_all(struct working *working, const struct findings *findings, struct fault *fault)
{
    bool broken = is_broken_xml(findings);

    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct finding *finding = findings_at(findings, i);
        bool                  of_package = finding->report == FINDING_OF_PACKAGE;
        bool                  is_xml = str_starts_with(str_of(finding->code), STR("XML-"));
        if (of_package && (is_xml || !broken)) {
            TRY(enter_of_package(working, finding, fault));
        } else if (!of_package) {
            TRY(docket_add(&working->reports[finding->report], finding, fault));
        }
    }
    return ERR_OK;
}

/* What the lists of the whole file had no room for. */
static void
count_cuts(struct working *working, const struct findings *findings)
{
    working->package.cut += findings_cut(findings, FINDING_OF_PACKAGE);
    for (size_t i = 0; i < working->report_count; i++) {
        working->reports[i].cut += findings_cut(findings, (int32_t)i);
    }
}

/* Rules of one report; each has its own list, so that no report takes the room of another. */
static enum err
apply_rules(struct arena *arena, struct working *working, uint32_t report, struct fault *fault)
{
    struct findings   *findings = findings_create(arena);
    struct rules_tally tally = {0};

    if (findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "findings of a report");
    }
    TRY(rules_report(arena, &working->rules, report, findings, &tally, fault));
    TRY(enter_all(working, findings, fault));
    working->reports[report].cut += findings_cut(findings, (int32_t)report);
    working->not_evaluated[report] = tally.not_evaluated;
    working->reports[report].proposed += tally.fired[SEVERITY_PROPOSED];
    if (tally.fired[SEVERITY_ERROR] > tally.objected) {
        working->reports[report].has_form_error = true;
    }
    if (tally.objected > 0) {
        working->reports[report].has_objected = true;
    }
    working->reports[report].fired_objected |= tally.named_objected;
    working->reports[report].fired_barred |= tally.named_barred;
    if (tally.failed > 0) {
        TRY(working_tell(&working->reports[report], DECISION_CODE_OVERFLOW, (int32_t)report,
                         (struct str){0}, fault));
    }
    return ERR_OK;
}

/* Whether a signature of this role was there but failed, which has been told already. */
static bool
failed_in_role(const struct package *package, int32_t report, struct str role)
{
    const struct package_unit *unit = &package->units[package->reports[report].unit];

    for (size_t i = 0; i < unit->signature_count; i++) {
        const struct package_signature *signature = &package->signatures[unit->signature_from + i];
        if (signature->report == report && signature->failed_step != SIGNATURE_STEP_NONE
            && str_equal(signature->policy_role, role)) {
            return true;
        }
    }
    return false;
}

static enum err
tell_roles(struct docket *docket, int32_t report, const struct package *package,
           const struct roles_answer *answer, struct fault *fault)
{
    struct finding finding = {.code = SIGNATURE_CODE_MISSING,
                              .report = report,
                              .offset = docket->report->start,
                              .subject = docket->report->element};

    finding.xpath = package_unit_xpath(docket->arena, docket->report->unit);
    for (size_t i = 0; i < answer->missing_count; i++) {
        if (!failed_in_role(package, report, answer->missing[i]->name)) {
            finding.expected = answer->missing[i]->name;
            TRY(docket_add(docket, &finding, fault));
        }
    }
    if (answer->same_person.data != NULL) {
        struct finding same = finding;
        (void)snprintf(same.code, sizeof same.code, "%s", SIGNATURE_CODE_SAME_PERSON);
        same.expected = (struct str){0};
        same.found = answer->same_person;
        TRY(docket_add(docket, &same, fault));
    }
    return ERR_OK;
}

static enum err
require_signatures(struct arena *arena, struct working *working, int32_t report,
                   struct fault *fault)
{
    struct docket                   *docket = &working->reports[report];
    const struct package            *package = working->rules.package;
    struct roles_answer              answer = {0};
    const struct policy_requirement *requirement =
        policy_requirement(&working->rules.catalogue->policy, docket->circumstances.level);

    if (docket->circumstances.level.size == 0 || !package->complete) {
        return ERR_OK; /* undecided or rejected for a reason of its own */
    }
    TRY(signature_missing_roles(arena, package, report, requirement, &answer, fault));
    return tell_roles(docket, report, package, &answer, fault);
}

/*
 * Nothing that was not judged to its end may look accepted (design.md 2.4). What the rules found
 * beyond the length of a list is only not shown; what the check could not list is not known.
 */
static enum err
guard_report(const struct working *working, int32_t report, struct fault *fault)
{
    struct docket *docket = &working->reports[report];
    bool           whole = docket->report->state == REPORT_READ
                 && findings_cut(working->file->checked->findings, report) == 0;

    if (whole || docket->has_undecided || docket_verdict(docket) == VERDICT_REJECTED) {
        return ERR_OK;
    }
    return working_tell(docket, DECISION_CODE_LIMIT, report, (struct str){0}, fault);
}

static enum err
decide_report(struct arena *arena, struct working *working, uint32_t report, struct fault *fault)
{
    struct docket *docket = &working->reports[report];

    TRY(apply_rules(arena, working, report, fault));
    TRY(require_signatures(arena, working, (int32_t)report, fault));
    docket->inherited = (working->wide.has_error && docket_verdict(docket) != VERDICT_REJECTED)
                        || (working->wide.has_undecided && !docket->has_undecided);
    docket->has_error = docket->has_error || working->wide.has_error;
    docket->has_undecided = docket->has_undecided || working->wide.has_undecided;
    return guard_report(working, (int32_t)report, fault);
}

/* The same for the package: a fault that found no room in the list is not forgotten. */
static enum err
guard_package(struct working *working, struct fault *fault)
{
    const struct package *package = working->rules.package;

    if ((package->complete && !package->shell_cut) || working->wide.has_error) {
        return ERR_OK;
    }
    TRY(working_tell(&working->wide, DECISION_CODE_LIMIT, FINDING_OF_PACKAGE, (struct str){0},
                     fault));
    return working_tell(&working->package, DECISION_CODE_LIMIT, FINDING_OF_PACKAGE, (struct str){0},
                        fault);
}

static enum err
decide_file(struct arena *arena, struct working *working, struct fault *fault)
{
    const struct checked *checked = working->file->checked;
    struct findings      *findings = findings_create_unsorted(arena);

    working->package = open_docket(arena, working, FINDING_OF_PACKAGE);
    working->wide = working->package;
    if (checked == NULL) {
        return working_tell(&working->package, DECISION_CODE_CHECKER, FINDING_OF_PACKAGE,
                            working->file->failure, fault);
    }
    working->report_count = checked->package.report_count;
    working->reports = ARENA_NEW(arena, struct docket, working->report_count);
    working->not_evaluated = ARENA_NEW(arena, size_t, working->report_count);
    if (findings == NULL || working->reports == NULL || working->not_evaluated == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports", working->report_count);
    }
    for (size_t i = 0; i < working->report_count; i++) {
        working->reports[i] = open_docket(arena, working, (int32_t)i);
    }
    TRY(enter_all(working, checked->findings, fault));
    count_cuts(working, checked->findings);
    if (checked->package.complete) {
        TRY(rules_package(arena, &working->rules, findings, fault));
        TRY(enter_all(working, findings, fault));
        count_cuts(working, findings);
    }
    TRY(registration_enter(working, fault));
    TRY(guard_package(working, fault));
    for (size_t i = 0; i < working->report_count; i++) {
        TRY(decide_report(arena, working, (uint32_t)i, fault));
    }
    return objection_enter(working, fault);
}

static enum err
compare_versions(struct arena *arena, struct working *files, size_t count, struct fault *fault)
{
    size_t total = 0;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        total += files[i].report_count;
    }
    struct version_item *items = ARENA_NEW(arena, struct version_item, total);
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "versions of %zu reports", total);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < files[i].report_count; j++) {
            items[at] = (struct version_item){.file = files[i].file,
                                              .file_ordinal = i,
                                              .report = files[i].reports[j].report,
                                              .report_ordinal = (int32_t)j,
                                              .docket = &files[i].reports[j]};
            at++;
        }
    }
    return versions_compare(arena, items, total, fault);
}

enum verdict
decision_worse(enum verdict a, enum verdict b)
{
    static const int badness[] = {[VERDICT_ACCEPTED] = 0,
                                  [VERDICT_HELD] = 1,
                                  [VERDICT_UNDECIDED] = 2,
                                  [VERDICT_REJECTED] = 3};

    return badness[a] >= badness[b] ? a : b;
}

enum err
decision_make(struct arena *arena, const struct decision_request *request,
              const struct decided_file **out, struct fault *fault)
{
    struct working      *files = ARENA_NEW(arena, struct working, request->file_count);
    struct decided_file *decided = ARENA_NEW(arena, struct decided_file, request->file_count);

    if (files == NULL || decided == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu files", request->file_count);
    }
    for (size_t i = 0; i < request->file_count; i++) {
        const struct checked *checked = request->files[i].checked;
        files[i].file = &request->files[i];
        files[i].rules = (struct rules_request){.objected = request->files[i].objection.codes,
                                                .catalogue = request->catalogue,
                                                .rules = request->rules,
                                                .switched_off = request->switched_off,
                                                .package = checked ? &checked->package : NULL,
                                                .environment = request->environment,
                                                .trust_given = request->trust_given,
                                                .at = request->at,
                                                .registry_asked = request->files[i].units != NULL,
                                                .structural = checked ? checked->findings : NULL,
                                                .figures = request->files[i].figures};
        TRY(decide_file(arena, &files[i], fault));
    }
    TRY(compare_versions(arena, files, request->file_count, fault));
    for (size_t i = 0; i < request->file_count; i++) {
        TRY(working_close(arena, &files[i], &decided[i], fault));
    }
    *out = decided;
    return ERR_OK;
}
