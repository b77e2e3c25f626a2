#ifndef VALIDATORS_RULES_JUDGE_H
#define VALIDATORS_RULES_JUDGE_H

#include "validators/rules/inspection.h"

/*
 * Run the rules of the report's form, most severe first and then by code, so that what the limit of
 * findings cuts off is what matters least. Rules that are off in these circumstances say nothing
 * and count nothing.
 */
MUST_USE enum err judge_report(struct inspection *inspection, struct fault *fault);

#endif
