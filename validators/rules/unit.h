#ifndef VALIDATORS_RULES_UNIT_H
#define VALIDATORS_RULES_UNIT_H

#include "validators/rules/survey.h"

/*
 * Whether the units of a package are named in a way that can be true: REGON, territorial codes,
 * name, and that no REGON stands at two units. A finding about a unit is told at each of its
 * reports, since it is a report that is accepted or not. Knows no registry.
 */

/* One unit by itself. */
MUST_USE enum err unit_survey(struct survey *survey, uint32_t unit, struct fault *fault);

/* All units against each other: REGON. */
MUST_USE enum err unit_survey_regons(struct survey *survey, struct fault *fault);

#endif
