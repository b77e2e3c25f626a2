#ifndef VALIDATORS_VTL_CALL_H
#define VALIDATORS_VTL_CALL_H

#include "validators/vtl/pending.h"

/*
 * Functions: "name(", their arguments, and what may follow the last one before the parenthesis
 * closes (grouping, codes, modes). The cursor stands at the name; then behind a finished argument.
 */
MUST_USE enum err call_open(struct pending *pending, bool *want);

/* *want: another argument must follow. Else the function is closed, or refused. */
MUST_USE enum err call_step(struct pending *pending, bool *want);

#endif
