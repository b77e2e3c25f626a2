#ifndef VALIDATORS_RULES_STRUCTURE_H
#define VALIDATORS_RULES_STRUCTURE_H

#include "validators/rules/inspection.h"

/*
 * Checks of one report that VTL cannot say, each found through the name in the attribute `check` of
 * the form's rules.xml:
 *
 *     unique-positions         no two positions have the same key codes; told at the later one
 *     known-lines              the form has every line that stands there; told at its symbol
 *     not-empty                some amount is not zero
 *     form-period              the form is due for this kind and number of period
 *     form-level               the form is filed at the level that the unit's Typ gives
 *     date-before-period-end   DataSprawozdania is earlier than the last day of the period
 *     date-after-arrival       DataSprawozdania is later than the day of arrival in Warsaw
 */
enum structure_check {
    STRUCTURE_UNIQUE_POSITIONS,
    STRUCTURE_KNOWN_LINES,
    STRUCTURE_NOT_EMPTY,
    STRUCTURE_FORM_PERIOD,
    STRUCTURE_FORM_LEVEL,
    STRUCTURE_DATE_BEFORE_PERIOD_END,
    STRUCTURE_DATE_AFTER_ARRIVAL,
    STRUCTURE_COUNT
};

/* The check of this name; STRUCTURE_COUNT when there is none. */
enum structure_check structure_find(struct str name);

/* Whether the form has what the check needs: lines, periods, levels. */
bool structure_fits(enum structure_check check, const struct form *form);

MUST_USE enum err structure_run(struct inspection *inspection, enum structure_check check,
                                const struct charge *charge, struct fault *fault);

#endif
