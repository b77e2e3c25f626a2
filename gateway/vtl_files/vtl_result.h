#ifndef GATEWAY_VTL_FILES_VTL_RESULT_H
#define GATEWAY_VTL_FILES_VTL_RESULT_H

#include "gateway/vtl_files/vtl_dataset.h"

#include "validators/vtl/vtl.h"

/* The dataset that check_datapoint returns (VTL 2.2, reference manual), as CSV and as JSON. */
struct vtl_result {
    const struct vtl_dataset     *dataset;
    const struct vtl_plan        *plan;
    struct str                    name;
    const struct vtl_check       *check;
    const struct vtl_rule_result *rules; /* with outcomes */
};

/* ERR_MEMORY. */
MUST_USE enum err vtl_result_csv(struct arena *arena, const struct vtl_result *result,
                                 struct str *out, struct fault *fault);
MUST_USE enum err vtl_result_json(struct arena *arena, const struct vtl_result *result,
                                  struct str *out, struct fault *fault);

#endif
