#ifndef VALIDATORS_VTL_LINT_H
#define VALIDATORS_VTL_LINT_H

#include "validators/vtl/script.h"

/* Contract as vtl_lint. */
size_t lint_script(const struct vtl_script *script, struct vtl_problem *problems,
                   size_t problem_max);

#endif
