#ifndef VALIDATORS_RULES_STANDING_H
#define VALIDATORS_RULES_STANDING_H

#include "validators/rules/survey.h"

/*
 * What a report stands on before its content is judged: that it repeats the package's header, that
 * its form, period and level are known and officially defined, and that it stands there once.
 */

/* Two reports of one form and period in a unit: told at each of them. */
MUST_USE enum err standing_survey_unit(struct survey *survey, uint32_t unit, struct fault *fault);

/* Everything that concerns one report alone. */
MUST_USE enum err standing_survey_report(struct survey *survey, uint32_t report,
                                         struct fault *fault);

#endif
