#include "validators/evaluation/implicit.h"

#include "validators/evaluation/compute.h"
#include "validators/evaluation/shape.h"

#include <stdio.h>
#include <string.h>

/*
 * Operators of scalars applied to datasets (Reference Manual, Typical behaviours): row by row and
 * measure by measure, over operands joined on their common identifiers.
 */
enum { OPERANDS_MAX = 4 };

struct operands {
    const struct node *node;
    size_t             children[OPERANDS_MAX]; /* which children are datasets */
    struct relation    relations[OPERANDS_MAX];
    size_t             count;
    struct relation    all; /* joined: measures of operand i are "i#name" if there are several */
};

struct str
implicit_default_name(enum relation_type type)
{
    static const struct str names[RELATION_TYPES] = {
        [RELATION_NUMBER] = STR_INIT("num_var"),
        [RELATION_INTEGER] = STR_INIT("int_var"),
        [RELATION_STRING] = STR_INIT("string_var"),
        [RELATION_BOOLEAN] = STR_INIT("bool_var"),
        [RELATION_TIME_PERIOD] = STR_INIT("time_period_var"),
    };

    return names[type];
}

/* Whether the operator gives another type than its operands have. */
static bool
changes_type(enum node_kind kind)
{
    return (kind >= NODE_EQUAL && kind <= NODE_GREATER_EQUAL)
           || (kind >= NODE_IN_SET && kind <= NODE_NOT_IN_DOMAIN) || kind == NODE_BETWEEN
           || kind == NODE_ISNULL || kind == NODE_LENGTH;
}

static bool
is_logical(enum node_kind kind)
{
    return kind == NODE_NOT || kind == NODE_AND || kind == NODE_OR || kind == NODE_XOR;
}

/* Measures of operand i as "i#name", so that they may stand side by side. */
static enum err
mark_measures(struct evaluator *evaluator, size_t i, const struct relation *in,
              struct relation *out)
{
    struct projection_name names[RELATION_COMPONENTS_MAX];
    size_t                 numbers[RELATION_COMPONENTS_MAX];
    size_t                 count = shape_of_role(in, RELATION_MEASURE, numbers);

    for (size_t j = 0; j < count; j++) {
        names[j].component = numbers[j];
        names[j].name =
            str_format(evaluator->arena, "%zu#%.*s", i, STR_ARG(in->components[numbers[j]].name));
        if (names[j].name.data == NULL) {
            return FAIL(evaluator->fault, ERR_MEMORY, "names of measures");
        }
    }
    return projection_rename(evaluator->arena, in, names, count, out, evaluator->fault);
}

static enum err
check_pair(struct evaluator *evaluator, const struct operands *operands, size_t i)
{
    const struct relation *first = &operands->relations[0];
    const struct relation *other = &operands->relations[i];
    struct str             name = {0};

    if (!shape_same_measures(first, other, &name)) {
        return EVALUATOR_COMPLAIN(evaluator, operands->node->place,
                                  "„%.*s” łączy zbiory o tych samych miarach, a „%.*s” jest tylko "
                                  "w jednym; wybierz miary przez „keep” albo zmień nazwę (rename)",
                                  STR_ARG(str_slice(operands->node->text, 0, 40)), STR_ARG(name));
    }
    return ERR_OK;
}

static enum err
join_operands(struct evaluator *evaluator, struct operands *operands)
{
    struct relation left;
    struct relation right;

    operands->all = operands->relations[0];
    if (operands->count == 1) {
        return ERR_OK;
    }
    TRY(mark_measures(evaluator, 0, &operands->relations[0], &operands->all));
    for (size_t i = 1; i < operands->count; i++) {
        TRY(check_pair(evaluator, operands, i));
        left = operands->all;
        TRY(mark_measures(evaluator, i, &operands->relations[i], &right));
        if (!shape_covers(&left, &right) && !shape_covers(&right, &left)) {
            return EVALUATOR_COMPLAIN(evaluator, operands->node->place,
                                      "„%.*s”: identyfikatory jednego zbioru powinny zawierać "
                                      "wszystkie identyfikatory drugiego",
                                      STR_ARG(str_slice(operands->node->text, 0, 40)));
        }
        TRY(shape_match(evaluator, operands->node, &left, &right, &operands->all));
    }
    return ERR_OK;
}

static enum err
find_operands(struct evaluator *evaluator, const struct node *node, struct operands *out)
{
    *out = (struct operands){.node = node};
    for (size_t i = 0; i < node->count; i++) {
        const struct value *value = evaluator_value(evaluator, node, i);
        if (value->kind == VALUE_DATASET) {
            ENSURE(out->count < OPERANDS_MAX);
            out->children[out->count] = i;
            TRY(shape_bare(evaluator, &value->relation, &out->relations[out->count]));
            out->count++;
        }
    }
    return ERR_OK;
}

/* A problem of one measure names it. */
static void
name_measure(struct evaluator *evaluator, struct str measure)
{
    size_t used = strlen(evaluator->problem->text);

    if (used + measure.size + 16 < VTL_PROBLEM_TEXT_MAX) {
        (void)snprintf(evaluator->problem->text + used, VTL_PROBLEM_TEXT_MAX - used,
                       " (miara „%.*s”)", STR_ARG(measure));
    }
}

/* The operator for one measure of all operands. */
static enum err
apply(struct evaluator *evaluator, const struct operands *operands, struct str measure,
      struct projection_addition *out)
{
    struct compute_load loads[OPERANDS_MAX];
    struct compute      compute = {.in = &operands->all,
                                   .root = (uint32_t)(operands->node - evaluator->script->nodes),
                                   .loads = loads,
                                   .load_count = operands->count,
                                   .null = RELATION_NUMBER};

    for (size_t i = 0; i < operands->count; i++) {
        struct str wanted = measure;
        if (operands->count > 1) {
            wanted = str_format(evaluator->arena, "%zu#%.*s", i, STR_ARG(measure));
        }
        loads[i].node = evaluator_number(evaluator, operands->node, operands->children[i]);
        loads[i].component = relation_find(&operands->all, wanted);
        if (loads[i].component == RELATION_NONE) {
            return FAIL(evaluator->fault, ERR_MEMORY, "names of measures");
        }
    }
    enum err got = compute_column(evaluator, &compute, out);
    if (got == ERR_SYNTAX) {
        name_measure(evaluator, measure);
    }
    TRY(got);
    out->component.role = RELATION_MEASURE;
    out->component.name =
        changes_type(operands->node->kind) ? implicit_default_name(out->component.type) : measure;
    return ERR_OK;
}

static enum err
apply_all(struct evaluator *evaluator, const struct operands *operands, struct relation *out)
{
    struct projection_addition made[RELATION_COMPONENTS_MAX];
    size_t                     measures[RELATION_COMPONENTS_MAX];
    const struct relation     *first = &operands->relations[0];
    size_t                     count = shape_of_role(first, RELATION_MEASURE, measures);
    struct relation            identifiers;

    if (count == 0) {
        return EVALUATOR_COMPLAIN(evaluator, operands->node->place,
                                  "„%.*s” działa na miarach, a zbiór danych nie ma żadnej",
                                  STR_ARG(str_slice(operands->node->text, 0, 40)));
    }
    for (size_t i = 0; i < count; i++) {
        made[i] = (struct projection_addition){0};
        TRY(apply(evaluator, operands, first->components[measures[i]].name, &made[i]));
    }
    TRY(shape_identifiers(evaluator, &operands->all, &identifiers));
    return evaluator_judge(
        evaluator, operands->node,
        projection_calc(evaluator->arena, &identifiers, made, count, out, evaluator->fault));
}

enum err
implicit_operator(struct evaluator *evaluator, uint32_t number)
{
    const struct node *node = &evaluator->script->nodes[number];
    struct value      *value = &evaluator->values[number];
    struct operands    operands;
    size_t             measure = 0;

    TRY(find_operands(evaluator, node, &operands));
    if (operands.count == 0) {
        value->kind = VALUE_SCALAR;
        return ERR_OK;
    }
    for (size_t i = 0; i < operands.count; i++) {
        if (is_logical(node->kind) || changes_type(node->kind)) {
            TRY(shape_only_measure(evaluator, node, &operands.relations[i],
                                   is_logical(node->kind) ? RELATION_BOOLEAN : RELATION_TYPES,
                                   &measure));
        }
    }
    TRY(join_operands(evaluator, &operands));
    TRY(apply_all(evaluator, &operands, &value->relation));
    value->kind = VALUE_DATASET;
    return ERR_OK;
}
