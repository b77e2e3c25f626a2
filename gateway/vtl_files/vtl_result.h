#ifndef GATEWAY_VTL_FILES_VTL_RESULT_H
#define GATEWAY_VTL_FILES_VTL_RESULT_H

#include "gateway/vtl_files/vtl_dataset.h"

/* A result as the same two files that a dataset is read from. */
struct vtl_result {
    struct str                name;
    const struct relation    *relation;
    const struct vtl_dataset *datasets; /* read: types of times and durations keep their names */
    size_t                    dataset_count;
};

/* ERR_MEMORY. */
MUST_USE enum err vtl_result_csv(struct arena *arena, const struct vtl_result *result,
                                 struct str *out, struct fault *fault);
MUST_USE enum err vtl_result_json(struct arena *arena, const struct vtl_result *result,
                                  struct str *out, struct fault *fault);

#endif
