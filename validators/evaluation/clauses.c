#include "validators/evaluation/compute.h"
#include "validators/evaluation/doubt.h"
#include "validators/evaluation/shape.h"

#include "validators/relation/projection.h"
#include "validators/relation/selection.h"
#include "validators/relation/timespan.h"

#include <string.h>

/* filter, calc, keep, drop, rename, sub (Reference Manual, Clause operators). */

/* What every clause does first: its dataset. The result stays in the join that it stands in. */
static enum err
begin(struct evaluator *evaluator, uint32_t number, const struct relation **in)
{
    const struct node *node = &evaluator->script->nodes[number];

    TRY(evaluator_dataset(evaluator, node, 0, in));
    evaluator->values[number].kind = VALUE_DATASET;
    evaluator->values[number].join = evaluator_value(evaluator, node, 0)->join;
    return ERR_OK;
}

/* The dataset of a clause that names components of the result. */
static enum err
begin_naming(struct evaluator *evaluator, uint32_t number, struct value *out)
{
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *in = NULL;

    TRY(begin(evaluator, number, &in));
    *out = *evaluator_value(evaluator, node, 0);
    return out->join == NULL
               ? ERR_OK
               : linking_settle(evaluator, evaluator_value(evaluator, node, 0), &out->relation);
}

enum err
clauses_filter(struct evaluator *evaluator, uint32_t number)
{
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *in = NULL;
    struct value          *value = &evaluator->values[number];
    uint8_t               *mask = NULL;

    TRY(begin(evaluator, number, &in));
    struct compute compute = {.in = in,
                              .join = value->join,
                              .root = evaluator_number(evaluator, node, 1),
                              .null = RELATION_BOOLEAN};
    TRY(compute_mask(evaluator, &compute, "warunek po „filter”", &mask));
    return doubt_filter(evaluator, evaluator_child(evaluator, node, 1)->place, in, mask,
                        &value->relation);
}

/* Role and name of what an assignment makes. */
static enum err
name_addition(struct evaluator *evaluator, const struct relation *in, const struct node *assign,
              struct projection_addition *out)
{
    size_t at = relation_find(in, assign->text);

    out->component.name = assign->text;
    if (at != RELATION_NONE && in->components[at].role == RELATION_IDENTIFIER) {
        return EVALUATOR_COMPLAIN(evaluator, assign->place,
                                  "„%.*s” jest identyfikatorem; „calc” nie może go zmienić, nadaj "
                                  "wynikowi inną nazwę",
                                  STR_ARG(assign->text));
    }
    switch (assign->option) {
    case NODE_ROLE_IDENTIFIER:
        out->component.role = RELATION_IDENTIFIER;
        break;
    case NODE_ROLE_ATTRIBUTE:
        out->component.role = RELATION_ATTRIBUTE;
        break;
    case NODE_ROLE_MEASURE:
        out->component.role = RELATION_MEASURE;
        break;
    default:
        out->component.role = at == RELATION_NONE ? RELATION_MEASURE : in->components[at].role;
        break;
    }
    return ERR_OK;
}

/* An identifier is there in every row. */
static enum err
check_present(struct evaluator *evaluator, const struct node *assign,
              const struct projection_addition *addition, size_t count)
{
    const uint8_t *states = addition->column.states;

    for (size_t i = 0; addition->component.role == RELATION_IDENTIFIER && i < count; i++) {
        bool empty = addition->column.ids != NULL && addition->column.ids[i] == 0;
        if (empty || (states != NULL && states[i] != RELATION_PRESENT)) {
            return evaluator_stop(evaluator, assign->place,
                                  "identyfikator, który tu powstaje, byłby w pewnym wierszu pusty");
        }
    }
    return ERR_OK;
}

static enum err
assign(struct evaluator *evaluator, const struct value *value, const struct relation *in,
       const struct node *node, struct projection_addition *out)
{
    size_t         at = relation_find(in, node->text);
    struct compute compute = {.in = in,
                              .join = value->join,
                              .root = evaluator_number(evaluator, node, 0),
                              .null =
                                  at == RELATION_NONE ? RELATION_STRING : in->components[at].type};

    TRY(name_addition(evaluator, in, node, out));
    TRY(compute_column(evaluator, &compute, out));
    return check_present(evaluator, node, out, in->row_count);
}

enum err
clauses_calc(struct evaluator *evaluator, uint32_t number)
{
    struct projection_addition made[RELATION_COMPONENTS_MAX];
    const struct node         *node = &evaluator->script->nodes[number];
    const struct relation     *in = NULL;
    struct value              *value = &evaluator->values[number];
    size_t                     count = node->count - 1;

    TRY(begin(evaluator, number, &in));
    for (size_t i = 0; i < count; i++) {
        const struct node *it = evaluator_child(evaluator, node, i + 1);
        if (in->component_count + i >= RELATION_COMPONENTS_MAX) {
            return EVALUATOR_COMPLAIN(evaluator, it->place,
                                      "zbiór danych miałby więcej niż %d "
                                      "składowych",
                                      RELATION_COMPONENTS_MAX);
        }
        for (size_t j = 0; j < i; j++) {
            if (str_equal(made[j].component.name, it->text)) {
                return EVALUATOR_COMPLAIN(evaluator, it->place,
                                          "„%.*s” powstaje w tej klauzuli dwa razy",
                                          STR_ARG(it->text));
            }
        }
        made[i] = (struct projection_addition){0};
        TRY(assign(evaluator, value, in, it, &made[i]));
    }
    return evaluator_judge(
        evaluator, node,
        projection_calc(evaluator->arena, in, made, count, &value->relation, evaluator->fault));
}

enum err
clauses_keep(struct evaluator *evaluator, uint32_t number)
{
    size_t                 numbers[RELATION_COMPONENTS_MAX];
    const struct node     *node = &evaluator->script->nodes[number];
    struct value           from;
    const struct relation *in = &from.relation;
    struct value          *value = &evaluator->values[number];

    TRY(begin_naming(evaluator, number, &from));
    for (size_t i = 0; i + 1 < node->count; i++) {
        const struct node *name = evaluator_child(evaluator, node, i + 1);
        TRY(evaluator_component(evaluator, &from, name, &numbers[i]));
        if (in->components[numbers[i]].role == RELATION_IDENTIFIER) {
            return EVALUATOR_COMPLAIN(evaluator, name->place,
                                      "„%.*s” jest identyfikatorem; „%.*s” wymienia tylko miary "
                                      "i atrybuty",
                                      STR_ARG(name->text), STR_ARG(node->text));
        }
    }
    return evaluator_judge(evaluator, node,
                           node->kind == NODE_KEEP
                               ? projection_keep(evaluator->arena, in, numbers, node->count - 1,
                                                 &value->relation, evaluator->fault)
                               : projection_drop(evaluator->arena, in, numbers, node->count - 1,
                                                 &value->relation, evaluator->fault));
}

/* No two components of the result have one name. */
static enum err
check_names(struct evaluator *evaluator, const struct relation *in, const struct node *node,
            const struct projection_name *names)
{
    size_t count = (node->count - 1) / 2;

    for (size_t i = 0; i < count; i++) {
        const struct node *to = evaluator_child(evaluator, node, 2 * i + 2);
        size_t             taken = relation_find(in, names[i].name);
        bool               freed = taken == RELATION_NONE;
        bool               twice = false;
        for (size_t j = 0; j < count; j++) {
            freed |= names[j].component == taken;
            twice |= j < i
                     && (str_equal(names[j].name, names[i].name)
                         || names[j].component == names[i].component);
        }
        if (!freed || twice) {
            return EVALUATOR_COMPLAIN(evaluator, to->place,
                                      "po zmianie nazw składowa „%.*s” stałaby dwa razy",
                                      STR_ARG(to->text));
        }
    }
    return ERR_OK;
}

enum err
clauses_rename(struct evaluator *evaluator, uint32_t number)
{
    struct projection_name names[RELATION_COMPONENTS_MAX];
    const struct node     *node = &evaluator->script->nodes[number];
    struct value           from;
    const struct relation *in = &from.relation;
    struct value          *value = &evaluator->values[number];
    size_t                 count = (node->count - 1) / 2;

    TRY(begin_naming(evaluator, number, &from));
    for (size_t i = 0; i < count; i++) {
        TRY(evaluator_component(evaluator, &from, evaluator_child(evaluator, node, 2 * i + 1),
                                &names[i].component));
        names[i].name = evaluator_child(evaluator, node, 2 * i + 2)->text;
    }
    TRY(check_names(evaluator, in, node, names));
    return evaluator_judge(
        evaluator, node,
        projection_rename(evaluator->arena, in, names, count, &value->relation, evaluator->fault));
}

/* "-12.5" in a component's scale; false: it has more digits than the component holds. */
static bool
scaled(struct str text, int scale, amount_wide *out)
{
    bool negative = str_starts_with(text, STR("-"));
    bool behind = false;

    *out = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        behind |= byte == '.';
        if (byte < '0' || byte > '9') {
            continue;
        }
        scale -= behind ? 1 : 0;
        if (scale < 0 && byte != '0') {
            return false;
        }
        *out = scale < 0 ? *out : *out * 10 + (byte - '0');
    }
    for (; scale > 0; scale--) {
        *out *= 10;
    }
    *out = negative ? -*out : *out;
    return true;
}

/* The value of a constant as a cell of the component; *found: some cell may have it. */
static enum err
read_point(struct evaluator *evaluator, const struct relation_component *component,
           const struct node *constant, amount_wide *out, bool *found)
{
    int64_t period = 0;
    bool    number = constant->kind == NODE_INTEGER || constant->kind == NODE_NUMBER;

    *found = true;
    *out = 0;
    if (number && constant->text.size <= AMOUNT_DIGITS_MAX + 2
        && (component->type == RELATION_NUMBER || component->type == RELATION_INTEGER)) {
        *found = scaled(constant->text, component->scale, out);
        return ERR_OK;
    }
    if (constant->kind == NODE_STRING && component->type == RELATION_STRING) {
        *out = vocabulary_find(evaluator->world->vocabulary, constant->text);
        return ERR_OK;
    }
    if (constant->kind == NODE_STRING && component->type == RELATION_TIME_PERIOD
        && timespan_parse(constant->text, &period)) {
        *out = period;
        return ERR_OK;
    }
    if ((constant->kind == NODE_TRUE || constant->kind == NODE_FALSE)
        && component->type == RELATION_BOOLEAN) {
        *out = constant->kind == NODE_TRUE ? 1 : 0;
        return ERR_OK;
    }
    return EVALUATOR_COMPLAIN(evaluator, constant->place,
                              "identyfikator „%.*s” jest typu: %s; stała jest innego typu",
                              STR_ARG(component->name), shape_type_name(component->type));
}

static enum err
find_point(struct evaluator *evaluator, const struct node *node, size_t i,
           const struct relation *in, struct selection_point *points)
{
    const struct node *name = evaluator_child(evaluator, node, 2 * i + 1);

    TRY(evaluator_component(evaluator, evaluator_value(evaluator, node, 0), name,
                            &points[i].identifier));
    if (in->components[points[i].identifier].role != RELATION_IDENTIFIER) {
        return EVALUATOR_COMPLAIN(evaluator, name->place,
                                  "„%.*s” nie jest identyfikatorem; do wyboru wierszy po miarach "
                                  "służy „filter”",
                                  STR_ARG(name->text));
    }
    for (size_t j = 0; j < i; j++) {
        if (points[j].identifier == points[i].identifier) {
            return EVALUATOR_COMPLAIN(evaluator, name->place, "„%.*s” stoi w tej klauzuli dwa razy",
                                      STR_ARG(name->text));
        }
    }
    return ERR_OK;
}

enum err
clauses_sub(struct evaluator *evaluator, uint32_t number)
{
    struct selection_point points[RELATION_COMPONENTS_MAX];
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *in = NULL;
    struct relation        none;
    struct value          *value = &evaluator->values[number];
    size_t                 count = (node->count - 1) / 2;
    bool                   found = true;

    TRY(begin(evaluator, number, &in));
    for (size_t i = 0; i < count; i++) {
        bool possible = true;
        TRY(find_point(evaluator, node, i, in, points));
        TRY(read_point(evaluator, &in->components[points[i].identifier],
                       evaluator_child(evaluator, node, 2 * i + 2), &points[i].number, &possible));
        found &= possible;
    }
    if (!found) { /* a constant that no cell can hold selects nothing */
        TRY(selection_rows(evaluator->arena, in, NULL, 0, &none, evaluator->fault));
        in = &none;
    }
    return evaluator_judge(
        evaluator, node,
        selection_sub(evaluator->arena, in, points, count, &value->relation, evaluator->fault));
}
