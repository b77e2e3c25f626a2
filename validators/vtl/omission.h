#ifndef VALIDATORS_VTL_OMISSION_H
#define VALIDATORS_VTL_OMISSION_H

#include "validators/base/arena.h"
#include "validators/base/err.h"
#include "validators/base/str.h"
#include "validators/vtl/problem.h"

/*
 * A script without one of the rules of its datapoint rulesets: blanks stand in its stead, so that
 * all else keeps its place. With it whatever is wrong in the other rules is found, too.
 *
 * Leaves out the rule that has a word or sign at `place`, or ends with it. *out without data: none
 * does, it is the only one of its ruleset, or the script is no sequence of tokens. ERR_MEMORY.
 */
MUST_USE enum err omission_make(struct arena *arena, struct str text, struct vtl_place place,
                                struct str *out, struct fault *fault);

#endif
