#ifndef VALIDATORS_VTL_PARSER_H
#define VALIDATORS_VTL_PARSER_H

#include "validators/vtl/script.h"

/*
 * The statements of a script, definitions of rulesets and assignments, in any order. Checks what
 * needs no data: names that stand twice, rulesets that are used and not defined, components that
 * differ from the signature. Contract as vtl_parse.
 */
MUST_USE enum err parser_parse(struct arena *arena, struct str text, struct vtl_script **out,
                               struct vtl_problem *problem, struct fault *fault);

#endif
