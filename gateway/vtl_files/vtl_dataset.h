#ifndef GATEWAY_VTL_FILES_VTL_DATASET_H
#define GATEWAY_VTL_FILES_VTL_DATASET_H

#include "gateway/vtl_files/vtl_table.h"

#include "validators/vtl/data.h"
#include "validators/vtl/limits.h"

/* A dataset: its structure from JSON, its table from CSV, and the columns made of both. */
struct vtl_dataset {
    struct vtl_component components[VTL_COMPONENTS_MAX];
    struct str           type_names[VTL_COMPONENTS_MAX]; /* as written in the structure */
    size_t               component_count;
    struct vtl_table     table;
    size_t               at[VTL_COMPONENTS_MAX]; /* column of the table, by component */
    struct vtl_column    columns[VTL_COMPONENTS_MAX];
    struct vtl_data      data; /* of columns */
};

/*
 * The rows, after the structure; csv is borrowed. Cells are typed, scales found, identifiers are
 * present and stand once (else the problem names both rows). ERR_SYNTAX, ERR_MEMORY.
 */
MUST_USE enum err vtl_dataset_rows(struct arena *arena, struct str csv, struct vtl_dataset *dataset,
                                   struct vtl_problem *problem, struct fault *fault);

/* The text of one cell, row counted from 0 without the header. */
struct str vtl_dataset_cell(const struct vtl_dataset *dataset, size_t row, size_t component);

#endif
