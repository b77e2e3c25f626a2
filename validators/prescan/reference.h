#ifndef VALIDATORS_PRESCAN_REFERENCE_H
#define VALIDATORS_PRESCAN_REFERENCE_H

#include "validators/prescan/walk.h"

/*
 * One reference in a text or an attribute, "&" at walk->at: one of the five predefined entities, or
 * a character reference to a character that XML 1.0 allows (productions 66 and 68). Any other
 * entity is refused: it could only come from a DTD.
 */
bool reference_walk(struct walk *walk);

#endif
