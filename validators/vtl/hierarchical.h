#ifndef VALIDATORS_VTL_HIERARCHICAL_H
#define VALIDATORS_VTL_HIERARCHICAL_H

#include "validators/vtl/cursor.h"

/*
 * "define hierarchical ruleset": from its name to the words that end it. A rule is a relation of
 * code items, "A = B + C - D", perhaps "when" a condition holds. Conditions of single items (in
 * brackets) are outside our subset. Contract as vtl_parse.
 */
MUST_USE enum err hierarchical_read(struct cursor *cursor, struct script_hierarchy *out);

#endif
