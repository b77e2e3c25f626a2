#ifndef VALIDATORS_EVALUATION_COMPUTE_H
#define VALIDATORS_EVALUATION_COMPUTE_H

#include "validators/evaluation/evaluator.h"

#include "validators/relation/projection.h"

/*
 * From expressions over the rows of a relation to columns, with the machine of the rule language.
 * Its registers live only as long as one call.
 */

/* A node that has the value of a component; nodes below it are not read. */
struct compute_load {
    uint32_t node;
    size_t   component;
};

struct compute {
    const struct relation     *in;
    const struct value_join   *join;  /* or NULL */
    uint32_t                   root;  /* the expression */
    const struct compute_load *loads; /* ascending by node */
    size_t                     load_count;
    enum relation_type         null; /* the type of a constant null */
};

/* Name and role of *out stay as they are; its type, scale and column are set. */
MUST_USE enum err compute_column(struct evaluator *evaluator, const struct compute *compute,
                                 struct projection_addition *out);

/* The same of a condition, as evaluator_mask. what: "warunek po „filter”". */
MUST_USE enum err compute_mask(struct evaluator *evaluator, const struct compute *compute,
                               const char *what, uint8_t **out);

/* A relation as the rule language sees it; room for RELATION_COMPONENTS_MAX of each. */
struct compute_view {
    struct vtl_component components[RELATION_COMPONENTS_MAX];
    uint8_t              widths[RELATION_COMPONENTS_MAX];
    struct vtl_column    columns[RELATION_COMPONENTS_MAX];
    const amount_wide   *wides[RELATION_COMPONENTS_MAX];
    struct vtl_data      data;
};

void compute_look(const struct evaluator *evaluator, const struct relation *in,
                  struct compute_view *out);

#endif
