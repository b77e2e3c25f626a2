#ifndef VALIDATORS_RULES_STRUCTURE_H
#define VALIDATORS_RULES_STRUCTURE_H

#include "validators/rules/inspection.h"

/*
 * Checks of one report that VTL cannot say, each found through the name in the attribute `check` of
 * the form's rules.xml:
 *
 *     unique-positions         no two positions have the same key codes; told at the later one
 *     date-before-period-end   DataSprawozdania is earlier than the last day of the period
 *     date-after-arrival       DataSprawozdania is later than the day of arrival in Warsaw
 */
enum structure_check {
    STRUCTURE_UNIQUE_POSITIONS,
    STRUCTURE_DATE_BEFORE_PERIOD_END,
    STRUCTURE_DATE_AFTER_ARRIVAL,
    STRUCTURE_COUNT
};

/* The check of this name; STRUCTURE_COUNT when there is none. */
enum structure_check structure_find(struct str name);

MUST_USE enum err structure_run(struct inspection *inspection, enum structure_check check,
                                const struct charge *charge, struct fault *fault);

#endif
