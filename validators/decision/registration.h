#ifndef VALIDATORS_DECISION_REGISTRATION_H
#define VALIDATORS_DECISION_REGISTRATION_H

#include "validators/decision/working.h"

/*
 * What the registry's answers mean for the reports of each unit (design.md 2.4, 4: who may file for
 * which unit is a finding). Told at the reports of that unit alone, so that no unit harms its
 * neighbours. A REGON that cannot be one has been told already, and no registry knows it.
 */

/* In package.rules.xml: {found} the REGON; 010: {subject} the file's data, {expected} those of the
 * registry; 013: {expected} who took the unit's place and since when. */
#define REGISTRATION_CODE_UNKNOWN "TOZSAMOSC-009"
#define REGISTRATION_CODE_DIFFERS "TOZSAMOSC-010"
#define REGISTRATION_CODE_CLOSED "TOZSAMOSC-011"
#define REGISTRATION_CODE_FOREIGN "TOZSAMOSC-012"
#define REGISTRATION_CODE_SUCCEEDED "TOZSAMOSC-013"

/* Nothing when nobody could ask. */
MUST_USE enum err registration_enter(struct working *working, struct fault *fault);

#endif
