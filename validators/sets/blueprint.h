#ifndef VALIDATORS_SETS_BLUEPRINT_H
#define VALIDATORS_SETS_BLUEPRINT_H

#include "validators/sets/scheme.h"

/*
 * What a rules.xml of sets says beyond texts and severities, which the catalogue has read:
 *
 *     <operand name="RBNDS" form="RBNDS" levels="zbiorcze" scope="jst|unit"
 *              when="same|previous|year-ago|last-year-end" many="true" optional="true"/>
 *     <rule code="ZESTAW-001" charges="RBNDS" numbers="1 2 3 4"> ... </rule>
 *
 * The script of a rule stands beside it, as <code>.vtl. Fills operands and rules (but for what
 * their scripts tell); ERR_CATALOGUE with file and line, ERR_MEMORY.
 */
MUST_USE enum err blueprint_read(struct arena *arena, struct str path, struct sets *sets,
                                 struct fault *fault);

#endif
