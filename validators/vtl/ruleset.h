#ifndef VALIDATORS_VTL_RULESET_H
#define VALIDATORS_VTL_RULESET_H

#include "validators/vtl/cursor.h"

/*
 * "define datapoint ruleset": from its name to the words that end it. Contracts as vtl_parse; what
 * two kinds of rulesets share stands here too.
 */
MUST_USE enum err ruleset_read(struct cursor *cursor, struct script_ruleset *out);

/* Variables with their aliases, to the first token that is no comma behind one. */
MUST_USE enum err ruleset_variables(struct cursor *cursor, struct script_variable **out,
                                    size_t *count);

/* "name:" of a rule; without it the rule's ordinal is its name (VTL 2.2), and *named is false. */
MUST_USE enum err ruleset_rule_name(struct cursor *cursor, size_t ordinal, struct str *name,
                                    bool *named);

/* errorcode and errorlevel of a rule; both may be missing. */
MUST_USE enum err ruleset_codes(struct cursor *cursor, struct script_constant *errorcode,
                                struct script_constant *errorlevel);

#endif
