#include "validators/rules/survey.h"

#include "validators/rules/standing.h"
#include "validators/rules/unit.h"

#include <string.h>

static const char *const names[SURVEY_COUNT] = {
    [SURVEY_PACKAGE_VERSION] = "package-version",
    [SURVEY_HAS_REPORTS] = "has-reports",
    [SURVEY_UNIT_EQUALS_PACKAGE] = "unit-equals-package",
    [SURVEY_PERIOD_EQUALS_PACKAGE] = "period-equals-package",
    [SURVEY_REPORT_ONCE] = "report-once",
    [SURVEY_REPORT_REPEATS] = "report-repeats",
    [SURVEY_FORM_KNOWN] = "form-known",
    [SURVEY_DEFINITION_KNOWN] = "definition-known",
    [SURVEY_PERIOD_TYPE_KNOWN] = "period-type-known",
    [SURVEY_PERIOD_IN_RANGE] = "period-in-range",
    [SURVEY_PERIOD_OVER] = "period-over",
    [SURVEY_LEVEL_KNOWN] = "level-known",
    [SURVEY_DEFINITION_OFFICIAL] = "definition-official",
    [SURVEY_PERIOD_TYPE_OFFICIAL] = "period-type-official",
    [SURVEY_WITHIN_LIMITS] = "within-limits",
    [SURVEY_REGON_SHAPE] = "regon-shape",
    [SURVEY_REGON_DIGIT] = "regon-digit",
    [SURVEY_REGON_ONCE] = "regon-once",
    [SURVEY_TERRITORY_CODES] = "territory-codes",
    [SURVEY_TERRITORY_TOGETHER] = "territory-together",
    [SURVEY_TERRITORY_TEST] = "territory-test",
    [SURVEY_UNIT_NAME] = "unit-name",
    [SURVEY_REGISTRY_ABSENT] = "registry-absent",
};

enum survey_check
survey_find(struct str name)
{
    size_t i = 0;

    while (i < SURVEY_COUNT && !str_equal(name, str_of(names[i]))) {
        i++;
    }
    return (enum survey_check)i;
}

enum err
survey_tell(struct survey *survey, enum survey_check check, struct finding *finding,
            struct fault *fault)
{
    const struct rule_entry *entry = survey->entries[check];
    struct circumstances     here = rules_circumstances(survey->request, finding->report);
    const struct applies    *applies = entry == NULL ? NULL : entry_applies(entry, &here);

    if (applies == NULL || applies->severity <= SEVERITY_PROPOSED) {
        return ERR_OK;
    }
    ENSURE(entry->code.size < FINDING_CODE_MAX);
    memcpy(finding->code, entry->code.data, entry->code.size);
    finding->code[entry->code.size] = '\0';
    if (findings_add(survey->findings, finding) == FINDING_NO_MEMORY) {
        return FAIL(fault, ERR_MEMORY, "findings of the package");
    }
    return ERR_OK;
}

bool
survey_schema_told(const struct survey *survey, uint32_t offset)
{
    const struct findings *structural = survey->request->structural;

    for (size_t i = 0; structural != NULL && i < findings_count(structural); i++) {
        const struct finding *finding = findings_at(structural, i);
        if (finding->offset == offset && str_starts_with(str_of(finding->code), STR("XSD-"))) {
            return true;
        }
    }
    return false;
}

static enum err
check_package_version(struct survey *survey, struct fault *fault)
{
    const struct package *package = survey->request->package;
    struct str            known = survey->request->catalogue->package_version;
    struct finding        finding = {.report = FINDING_OF_PACKAGE,
                                     .offset = package->version.offset,
                                     .xpath = STR("/PaczkaSprawozdan/@Wersja"),
                                     .cell = STR("paczka, wersja"),
                                     .found = package_trim(&package->version),
                                     .expected = known};

    if (package->version.text.data == NULL || str_equal(package->version.text, known)
        || survey_schema_told(survey, package->version.offset)) {
        return ERR_OK;
    }
    return survey_tell(survey, SURVEY_PACKAGE_VERSION, &finding, fault);
}

/* Whether the schema has refused the root itself: then it is no package that could lack anything.
 */
static bool
root_refused(const struct survey *survey)
{
    const struct findings *structural = survey->request->structural;

    for (size_t i = 0; structural != NULL && i < findings_count(structural); i++) {
        const struct finding *it = findings_at(structural, i);
        bool                  root =
            it->xpath.size > 0 && memchr(it->xpath.data + 1, '/', it->xpath.size - 1) == NULL;
        if (root && it->report == FINDING_OF_PACKAGE
            && (strcmp(it->code, "XSD-004") == 0 || strcmp(it->code, "XSD-023") == 0)) {
            return true;
        }
    }
    return false;
}

/* Of a file that breaks off nothing is said here: what is missing may stand behind the break. */
static enum err
check_has_reports(struct survey *survey, struct fault *fault)
{
    const struct package *package = survey->request->package;
    struct finding        finding = {.report = FINDING_OF_PACKAGE,
                                     .offset = package->version.offset,
                                     .xpath = STR("/PaczkaSprawozdan/Jednostki")};

    if (!package->complete || package->report_count > 0 || root_refused(survey)) {
        return ERR_OK;
    }
    return survey_tell(survey, SURVEY_HAS_REPORTS, &finding, fault);
}

static enum err
tell_registry_absent(struct survey *survey, struct fault *fault)
{
    struct finding finding = {.report = FINDING_OF_PACKAGE,
                              .xpath = STR("/PaczkaSprawozdan/Jednostki")};

    if (survey->request->package->unit_count == 0 || survey->request->registry_asked) {
        return ERR_OK;
    }
    return survey_tell(survey, SURVEY_REGISTRY_ABSENT, &finding, fault);
}

enum err
survey_run(struct survey *survey, struct fault *fault)
{
    const struct package *package = survey->request->package;

    TRY(check_package_version(survey, fault));
    TRY(check_has_reports(survey, fault));
    for (uint32_t i = 0; i < package->unit_count; i++) {
        TRY(unit_survey(survey, i, fault));
        TRY(standing_survey_unit(survey, i, fault));
    }
    TRY(unit_survey_regons(survey, fault));
    for (uint32_t i = 0; i < package->report_count; i++) {
        TRY(standing_survey_report(survey, i, fault));
    }
    return tell_registry_absent(survey, fault);
}
