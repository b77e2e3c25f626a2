#ifndef GATEWAY_VTL_FILES_VTL_DATASET_H
#define GATEWAY_VTL_FILES_VTL_DATASET_H

#include "gateway/vtl_files/vtl_table.h"

#include "validators/relation/relation.h"
#include "validators/vtl/limits.h"

/* A dataset: its structure from JSON, its table from CSV, and the relation made of both. */
struct vtl_dataset {
    struct str                name; /* as the script calls it */
    struct relation_component components[VTL_COMPONENTS_MAX];
    size_t                    component_count;
    struct vtl_table          table;
    size_t                    at[VTL_COMPONENTS_MAX]; /* column of the table, by component */
    struct relation_column    columns[VTL_COMPONENTS_MAX];
    struct relation           relation;
};

/* What datasets share: their strings, and their number among those of the script. */
struct vtl_dataset_home {
    struct arena      *arena;
    struct vocabulary *vocabulary;
    uint32_t           number;
};

/*
 * The rows, after the structure; csv is borrowed. Cells are typed, scales found, identifiers are
 * present and stand once (else the problem names both rows). ERR_SYNTAX, ERR_MEMORY.
 */
MUST_USE enum err vtl_dataset_rows(const struct vtl_dataset_home *home, struct str csv,
                                   struct vtl_dataset *dataset, struct vtl_problem *problem,
                                   struct fault *fault);

#endif
