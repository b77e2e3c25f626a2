#ifndef GATEWAY_VTL_FILES_VTL_STRUCTURE_H
#define GATEWAY_VTL_FILES_VTL_STRUCTURE_H

#include "gateway/vtl_files/vtl_dataset.h"

/*
 * Components of a dataset from JSON: {"name": ..., "components": [{"name", "role", "data_type"}]},
 * as in the examples of the VTL 2.2 manual; or as its older examples have it: {"datasets":
 * [{"name", "DataStructure": [{"name", "role", "type"}]}]}, of which the first counts. Other
 * members are left alone. ERR_SYNTAX with *problem; ERR_MEMORY.
 */
MUST_USE enum err vtl_structure_read(struct arena *arena, struct str json,
                                     struct vtl_dataset *dataset, struct vtl_problem *problem,
                                     struct fault *fault);

#endif
