#ifndef VALIDATORS_RULES_SURVEY_H
#define VALIDATORS_RULES_SURVEY_H

#include "validators/rules/rules.h"

/*
 * The checks of a package as a whole, of its units and of what its reports can be judged by, each
 * found through the name in the attribute `check` of package.rules.xml. A check without an entry is
 * off.
 */
enum survey_check {
    SURVEY_PACKAGE_VERSION,     /* Wersja of the package is the one that the catalogue knows */
    SURVEY_HAS_REPORTS,         /* there is at least one report */
    SURVEY_UNIT_EQUALS_PACKAGE, /* the report repeats the unit's eight fields */
    SURVEY_PERIOD_EQUALS_PACKAGE,
    SURVEY_REPORT_ONCE,    /* a unit has one report per form and period */
    SURVEY_REPORT_REPEATS, /* but for forms filed once for each dysponent: which is which? */
    SURVEY_FORM_KNOWN,
    SURVEY_DEFINITION_KNOWN, /* of the form for the period */
    SURVEY_PERIOD_TYPE_KNOWN,
    SURVEY_PERIOD_IN_RANGE,
    SURVEY_PERIOD_OVER,         /* the file came on the last day of the period or later */
    SURVEY_LEVEL_KNOWN,         /* Typ tells the level */
    SURVEY_DEFINITION_OFFICIAL, /* not only a model */
    SURVEY_PERIOD_TYPE_OFFICIAL,
    SURVEY_WITHIN_LIMITS, /* the report was read although the package is large */
    SURVEY_REGON_SHAPE,
    SURVEY_REGON_DIGIT,
    SURVEY_REGON_ONCE, /* no two units have one REGON */
    SURVEY_TERRITORY_CODES,
    SURVEY_TERRITORY_TOGETHER, /* the codes agree with each other */
    SURVEY_TERRITORY_TEST,     /* voivodeship 99 */
    SURVEY_UNIT_NAME,
    SURVEY_REGISTRY_ABSENT, /* nobody has looked the units up */
    SURVEY_COUNT
};

/* The check of this name; SURVEY_COUNT when there is none. */
enum survey_check survey_find(struct str name);

struct survey {
    struct arena                   *scratch; /* dies with the survey */
    const struct rules_request     *request;
    const struct rule_entry *const *entries; /* by enum survey_check; NULL: off */
    struct findings                *findings;
};

/*
 * Add a finding under the check's code, unless it is off in the circumstances of finding->report.
 * ERR_MEMORY when the findings' arena is full.
 */
MUST_USE enum err survey_tell(struct survey *survey, enum survey_check check,
                              struct finding *finding, struct fault *fault);

/* Whether the schema has already spoken of the element that begins at this byte. */
bool survey_schema_told(const struct survey *survey, uint32_t offset);

/* All checks, in the order of the file. */
MUST_USE enum err survey_run(struct survey *survey, struct fault *fault);

#endif
