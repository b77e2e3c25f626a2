#include "validators/decision/registration.h"

#include "validators/identifier/identifier.h"

static const char *const codes[] = {
    [DECISION_UNIT_UNKNOWN] = REGISTRATION_CODE_UNKNOWN,
    [DECISION_UNIT_DIFFERS] = REGISTRATION_CODE_DIFFERS,
    [DECISION_UNIT_CLOSED] = REGISTRATION_CODE_CLOSED,
    [DECISION_UNIT_FOREIGN] = REGISTRATION_CODE_FOREIGN,
    [DECISION_UNIT_SUCCEEDED] = REGISTRATION_CODE_SUCCEEDED,
    [DECISION_UNIT_GOOD] = NULL,
};

static struct str
trimmed(const struct package_unit *unit, enum unit_field field)
{
    return package_trim(&unit->identity.fields[field]);
}

/* What the file says of the unit, in the form of what the registry says: "JB, 99/01/01/1/0". */
static struct str
claimed(struct arena *arena, const struct package_unit *unit)
{
    return str_format(arena, "%.*s, %.*s/%.*s/%.*s/%.*s/%.*s", STR_ARG(trimmed(unit, UNIT_TYPE)),
                      STR_ARG(trimmed(unit, UNIT_WK)), STR_ARG(trimmed(unit, UNIT_PK)),
                      STR_ARG(trimmed(unit, UNIT_GK)), STR_ARG(trimmed(unit, UNIT_GT)),
                      STR_ARG(trimmed(unit, UNIT_PT)));
}

static enum err
tell(struct working *working, uint32_t ordinal, const char *code, struct fault *fault)
{
    struct arena              *arena = working->package.arena;
    const struct package_unit *unit = &working->rules.package->units[ordinal];
    struct str                 path = package_unit_xpath(arena, ordinal);
    struct finding             finding = {.offset = unit->identity.fields[UNIT_REGON].offset,
                                          .cell = STR("REGON jednostki"),
                                          .found = trimmed(unit, UNIT_REGON),
                                          .expected = working->file->units[ordinal].registered};

    (void)snprintf(finding.code, sizeof finding.code, "%s", code);
    finding.xpath = str_format(arena, "%.*s/%s", STR_ARG(path), unit_field_name(UNIT_REGON));
    finding.subject = claimed(arena, unit);
    if (path.data == NULL || finding.xpath.data == NULL || finding.subject.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "unit %u", ordinal);
    }
    for (uint32_t i = 0; i < unit->report_count; i++) {
        finding.report = (int32_t)(unit->report_from + i);
        TRY(docket_add(&working->reports[finding.report], &finding, fault));
    }
    return ERR_OK;
}

enum err
registration_enter(struct working *working, struct fault *fault)
{
    const struct package *package = working->rules.package;

    for (uint32_t i = 0; working->file->units != NULL && i < package->unit_count; i++) {
        enum decision_standing standing = working->file->units[i].standing;
        bool is_regon = identifier_regon(trimmed(&package->units[i], UNIT_REGON)) == IDENTIFIER_OK;
        ENSURE((size_t)standing < ARRAY_COUNT(codes));
        if (is_regon && codes[standing] != NULL) {
            TRY(tell(working, i, codes[standing], fault));
        }
    }
    return ERR_OK;
}
