#ifndef VALIDATORS_EVALUATION_EVALUATOR_H
#define VALIDATORS_EVALUATION_EVALUATOR_H

#include "validators/evaluation/evaluation.h"
#include "validators/evaluation/places.h"

#include "validators/vtl/formula.h"

/* What the functions of this folder share while a script is worked out. */
enum value_kind { VALUE_NONE, VALUE_SCALAR, VALUE_DATASET };

/* The operands of a join, while its clauses are read: names that come from more than one of them
 * stand in the relation as "alias#name". */
struct value_join {
    struct str      aliases[VTL_OPERANDS_MAX];
    struct relation operands[VTL_OPERANDS_MAX];
    size_t          count;
};

struct value {
    enum value_kind          kind;
    struct relation          relation; /* of VALUE_DATASET */
    const struct value_join *join;     /* NULL: outside a join */
};

struct evaluator {
    struct arena                  *arena;
    const struct vtl_script       *script;
    const struct evaluation_world *world;
    struct evaluation             *out;
    struct places                  places;
    struct formula_room            room;
    struct value                  *values; /* per node */
    struct vtl_problem            *problem;
    struct fault                  *fault;
};

#define EVALUATOR_COMPLAIN(evaluator, place, ...) \
    problem_set((evaluator)->problem, (place), (evaluator)->fault, __VA_ARGS__)

/* A child of a node, as node, as number, and as value. */
const struct node *evaluator_child(const struct evaluator *evaluator, const struct node *node,
                                   size_t child);
uint32_t evaluator_number(const struct evaluator *evaluator, const struct node *node, size_t child);
const struct value *evaluator_value(const struct evaluator *evaluator, const struct node *node,
                                    size_t child);

/* The child is a dataset; else the problem says what its operator wants. */
MUST_USE enum err evaluator_dataset(struct evaluator *evaluator, const struct node *node,
                                    size_t child, const struct relation **out);

/* What an operator of validators/relation answered, as a problem at the node. */
MUST_USE enum err evaluator_judge(struct evaluator *evaluator, const struct node *node,
                                  enum err got);

/* A failure that stops the script though it fits the structures: ERR_LIMIT, with a problem. */
MUST_USE enum err evaluator_stop(struct evaluator *evaluator, struct vtl_place place,
                                 const char *text);

/*
 * The truth of a boolean column, enum vtl_outcome per row: VTL_NOT_EVALUATED of an unknown cell,
 * VTL_ERROR of a failed one (doubt.h).
 */
MUST_USE enum err evaluator_mask(struct evaluator *evaluator, const struct relation_column *column,
                                 size_t count, uint8_t **out);

/* The component that a NODE_NAME or NODE_QUALIFIED names. */
MUST_USE enum err evaluator_component(struct evaluator *evaluator, const struct value *value,
                                      const struct node *name, size_t *out);

/* The same by its texts; RELATION_NONE: there is none. */
size_t evaluator_find(const struct relation *relation, const struct value_join *join,
                      struct str alias, struct str name);

/*
 * What keep, drop, rename and the end of a join see of it: attributes of its operands are not
 * viral, so those that no clause has calculated end before (Reference Manual, Join operators).
 */
MUST_USE enum err linking_settle(struct evaluator *evaluator, const struct value *value,
                                 struct relation *out);

void evaluator_notice(struct evaluator *evaluator, const struct evaluation_notice *notice);

/* Each works out one node whose children are worked out. */
typedef enum err evaluator_operator(struct evaluator *evaluator, uint32_t node);

evaluator_operator implicit_operator, choice_operator;
evaluator_operator clauses_filter, clauses_calc, clauses_keep, clauses_rename, clauses_sub;
evaluator_operator grouping_aggr, grouping_aggregate;
evaluator_operator linking_operand, linking_join, linking_joined;
evaluator_operator wholes_member, wholes_exists_in, wholes_set, wholes_timeshift;
evaluator_operator verdicts_check, datapoints_check, rankings_check;

#endif
