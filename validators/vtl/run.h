#ifndef VALIDATORS_VTL_RUN_H
#define VALIDATORS_VTL_RUN_H

#include "validators/vtl/plan.h"

/* A plan over data, chunk by chunk. Contracts as vtl_run and vtl_operands. */
MUST_USE enum err run_rules(struct arena *scratch, const struct vtl_plan *plan,
                            const struct vtl_data *data, const struct vtl_options *options,
                            struct vtl_rule_result *results, struct fault *fault);

MUST_USE enum err run_operands(struct arena *scratch, const struct vtl_plan *plan,
                               const struct vtl_data *data, const struct vtl_question *question,
                               struct vtl_operands *out, struct fault *fault);

#endif
