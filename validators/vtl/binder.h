#ifndef VALIDATORS_VTL_BINDER_H
#define VALIDATORS_VTL_BINDER_H

#include "validators/vtl/plan.h"
#include "validators/vtl/script.h"

/* One ruleset of a script and a structure to a plan. Contract as vtl_bind. */
MUST_USE enum err binder_bind(struct arena *arena, const struct vtl_script *script,
                              const struct vtl_binding *binding, struct vtl_plan **out,
                              struct vtl_problem *problem, struct fault *fault);

#endif
