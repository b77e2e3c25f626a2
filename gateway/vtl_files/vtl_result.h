#ifndef GATEWAY_VTL_FILES_VTL_RESULT_H
#define GATEWAY_VTL_FILES_VTL_RESULT_H

#include "validators/relation/relation.h"

/* A result as the same two files that a dataset is read from. */
struct vtl_result {
    struct str             name;
    const struct relation *relation;
};

/* ERR_MEMORY. */
MUST_USE enum err vtl_result_csv(struct arena *arena, const struct vtl_result *result,
                                 struct str *out, struct fault *fault);
MUST_USE enum err vtl_result_json(struct arena *arena, const struct vtl_result *result,
                                  struct str *out, struct fault *fault);

#endif
