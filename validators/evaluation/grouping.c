#include "validators/evaluation/compute.h"
#include "validators/evaluation/doubt.h"
#include "validators/evaluation/implicit.h"
#include "validators/evaluation/shape.h"

#include "validators/relation/aggregate.h"

/* Aggregates (Reference Manual, Aggregate and Analytic operators) and the clause aggr. */
enum { QUOTIENT_DIGITS = 12, TERMS_MAX = RELATION_COMPONENTS_MAX };

struct grouping {
    const struct node       *node;
    const struct relation   *in;
    const struct value_join *join;
    struct relation          prepared; /* in, with a column for each aggregate's argument */
    size_t                   keys[RELATION_COMPONENTS_MAX];
    size_t                   key_count;
    struct aggregate_term    terms[TERMS_MAX];
    size_t                   term_count;
    struct compute_load      having[TERMS_MAX]; /* nodes of aggregates; components of the result */
    size_t                   having_count;
};

static bool
is_aggregate(enum node_kind kind)
{
    return kind >= NODE_SUM && kind <= NODE_AVG;
}

/* The last children of the node, if they are there. */
static const struct node *
find_part(const struct evaluator *evaluator, const struct node *node, enum node_kind kind)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = evaluator_child(evaluator, node, i);
        if (child->kind == kind) {
            return child;
        }
    }
    return NULL;
}

static enum err
find_keys(struct evaluator *evaluator, const struct value *value, struct grouping *grouping)
{
    const struct node *group = find_part(evaluator, grouping->node, NODE_GROUP);
    size_t             named[RELATION_COMPONENTS_MAX];

    for (size_t i = 0; group != NULL && i < group->count; i++) {
        const struct node *name = evaluator_child(evaluator, group, i);
        TRY(evaluator_component(evaluator, value, name, &named[i]));
        if (grouping->in->components[named[i]].role != RELATION_IDENTIFIER) {
            return EVALUATOR_COMPLAIN(evaluator, name->place,
                                      "grupuje się po identyfikatorach, a „%.*s” nim nie jest",
                                      STR_ARG(name->text));
        }
        for (size_t j = 0; j < i; j++) {
            if (named[j] == named[i]) {
                return EVALUATOR_COMPLAIN(evaluator, name->place,
                                          "„%.*s” stoi w grupowaniu dwa razy", STR_ARG(name->text));
            }
        }
    }
    if (group != NULL && group->option != 0) {
        grouping->key_count = aggregate_except(grouping->in, named, group->count, grouping->keys);
    } else if (group != NULL) {
        for (size_t i = 0; i < group->count; i++) {
            grouping->keys[i] = named[i];
        }
        grouping->key_count = group->count;
    }
    return ERR_OK;
}

/* sum and avg want numbers. */
static enum err
check_argument(struct evaluator *evaluator, const struct node *aggregate,
               const struct relation_component *component)
{
    bool numeric = component->type == RELATION_NUMBER || component->type == RELATION_INTEGER;

    if ((aggregate->kind == NODE_SUM || aggregate->kind == NODE_AVG) && !numeric
        && str_starts_with(component->name, STR("#"))) { /* of an expression, it has no name */
        return EVALUATOR_COMPLAIN(evaluator, aggregate->place,
                                  "„%.*s” liczy na liczbach, a wyrażenie w nawiasie jest typu: %s",
                                  STR_ARG(aggregate->text), shape_type_name(component->type));
    }
    if ((aggregate->kind == NODE_SUM || aggregate->kind == NODE_AVG) && !numeric) {
        return EVALUATOR_COMPLAIN(
            evaluator, aggregate->place, "„%.*s” liczy na liczbach, a „%.*s” jest typu: %s",
            STR_ARG(aggregate->text), STR_ARG(component->name), shape_type_name(component->type));
    }
    return ERR_OK;
}

static enum err
add_term(struct evaluator *evaluator, struct grouping *grouping, const struct node *aggregate,
         struct aggregate_term term)
{
    static const enum aggregate_operator operators[] = {
        [NODE_SUM] = AGGREGATE_SUM, [NODE_COUNT] = AGGREGATE_PRESENT, [NODE_MIN] = AGGREGATE_MIN,
        [NODE_MAX] = AGGREGATE_MAX, [NODE_AVG] = AGGREGATE_AVG,
    };

    if (grouping->term_count + grouping->key_count >= TERMS_MAX) {
        return EVALUATOR_COMPLAIN(evaluator, aggregate->place,
                                  "zbiór danych miałby więcej niż %d składowych",
                                  RELATION_COMPONENTS_MAX);
    }
    if (term.component == RELATION_NONE) {
        term.operation = AGGREGATE_COUNT;
        term.component = 0;
    } else {
        const struct relation_component *of = &grouping->prepared.components[term.component];
        term.operation = operators[aggregate->kind];
        term.scale = of->scale > QUOTIENT_DIGITS ? of->scale : QUOTIENT_DIGITS;
        TRY(check_argument(evaluator, aggregate, of));
    }
    grouping->terms[grouping->term_count++] = term;
    return ERR_OK;
}

/* The argument of an aggregate among components, as one column more of what is grouped. */
static enum err
prepare_argument(struct evaluator *evaluator, struct grouping *grouping,
                 const struct node *aggregate, size_t *out)
{
    struct projection_addition made = {.component = {.role = RELATION_MEASURE}};
    struct relation            before = grouping->prepared;

    *out = RELATION_NONE;
    if (aggregate->count == 0) {
        return ERR_OK;
    }
    struct compute compute = {.in = grouping->in,
                              .join = grouping->join,
                              .root = evaluator_number(evaluator, aggregate, 0),
                              .null = RELATION_NUMBER};
    TRY(compute_column(evaluator, &compute, &made));
    made.component.name = str_format(evaluator->arena, "#%zu", before.component_count);
    if (made.component.name.data == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "argument of an aggregate");
    }
    *out = before.component_count;
    return evaluator_judge(evaluator, aggregate,
                           projection_calc(evaluator->arena, &before, &made, 1, &grouping->prepared,
                                           evaluator->fault));
}

/* One aggregate of an expression over components becomes one term. */
static enum err
add_aggregate(struct evaluator *evaluator, struct grouping *grouping, const struct node *aggregate,
              struct str name, enum relation_role role)
{
    struct aggregate_term term = {.name = name, .role = role};

    TRY(prepare_argument(evaluator, grouping, aggregate, &term.component));
    return add_term(evaluator, grouping, aggregate, term);
}

/* The aggregates of a condition, each as a term that is dropped afterwards. */
static enum err
add_having(struct evaluator *evaluator, struct grouping *grouping, const struct node *having)
{
    uint32_t root = evaluator_number(evaluator, having, 0);

    for (uint32_t i = evaluator->places.firsts[root]; i <= root; i++) {
        const struct node *node = &evaluator->script->nodes[i];
        if (!is_aggregate(node->kind)) {
            continue;
        }
        struct str name = str_format(evaluator->arena, "#having%zu", grouping->having_count);
        if (name.data == NULL) {
            return FAIL(evaluator->fault, ERR_MEMORY, "condition of groups");
        }
        grouping->having[grouping->having_count++] =
            (struct compute_load){i, grouping->key_count + grouping->term_count};
        TRY(add_aggregate(evaluator, grouping, node, name, RELATION_MEASURE));
    }
    return ERR_OK;
}

/* Which groups the condition wants: it sees their keys and its own aggregates, nothing else. */
static enum err
judge_groups(struct evaluator *evaluator, const struct grouping *grouping, uint32_t root,
             const struct relation *groups, uint8_t **out)
{
    struct compute_load loads[TERMS_MAX];
    size_t              seen[RELATION_COMPONENTS_MAX];
    struct relation     visible;

    for (size_t i = 0; i < grouping->key_count; i++) {
        seen[i] = i;
    }
    for (size_t i = 0; i < grouping->having_count; i++) {
        loads[i] = (struct compute_load){grouping->having[i].node, grouping->key_count + i};
        seen[grouping->key_count + i] = grouping->having[i].component;
    }
    TRY(projection_select(evaluator->arena, groups, seen,
                          grouping->key_count + grouping->having_count, &visible,
                          evaluator->fault));
    struct compute compute = {.in = &visible,
                              .root = root,
                              .loads = loads,
                              .load_count = grouping->having_count,
                              .null = RELATION_BOOLEAN};
    return compute_mask(evaluator, &compute, "warunek po „having”", out);
}

/* Groups, then those that the condition wants, without what only the condition asked for. */
static enum err
run(struct evaluator *evaluator, struct grouping *grouping, struct relation *out)
{
    const struct node *having = find_part(evaluator, grouping->node, NODE_HAVING);
    size_t             kept[RELATION_COMPONENTS_MAX];
    size_t             kept_count = grouping->key_count + grouping->term_count;
    struct relation    groups;
    struct relation    chosen;
    uint8_t           *mask = NULL;

    if (having != NULL) {
        TRY(add_having(evaluator, grouping, having));
    }
    struct aggregate aggregate = {grouping->keys, grouping->key_count, grouping->terms,
                                  grouping->term_count};
    TRY(evaluator_judge(evaluator, grouping->node,
                        aggregate_run(evaluator->arena, &grouping->prepared, &aggregate, &groups,
                                      evaluator->fault)));
    if (having == NULL) {
        *out = groups;
        return ERR_OK;
    }
    TRY(judge_groups(evaluator, grouping, evaluator_number(evaluator, having, 0), &groups, &mask));
    TRY(doubt_filter(evaluator, having->place, &groups, mask, &chosen));
    for (size_t i = 0; i < kept_count; i++) {
        kept[i] = i;
    }
    return projection_select(evaluator->arena, &chosen, kept, kept_count, out, evaluator->fault);
}

static enum err
begin(struct evaluator *evaluator, uint32_t number, struct grouping *out)
{
    const struct node *node = &evaluator->script->nodes[number];

    *out = (struct grouping){.node = node};
    TRY(evaluator_dataset(evaluator, node, 0, &out->in));
    out->join = evaluator_value(evaluator, node, 0)->join;
    out->prepared = *out->in;
    evaluator->values[number].kind = VALUE_DATASET;
    return find_keys(evaluator, evaluator_value(evaluator, node, 0), out);
}

enum err
grouping_aggr(struct evaluator *evaluator, uint32_t number)
{
    const struct node *node = &evaluator->script->nodes[number];
    struct value      *value = &evaluator->values[number];
    struct grouping    grouping;

    TRY(begin(evaluator, number, &grouping));
    value->join = grouping.join;
    for (size_t i = 1; i < node->count; i++) {
        const struct node *assign = evaluator_child(evaluator, node, i);
        if (assign->kind != NODE_ASSIGN) {
            continue;
        }
        size_t at = relation_find(grouping.in, assign->text);
        bool taken = at != RELATION_NONE && grouping.in->components[at].role == RELATION_IDENTIFIER;
        for (size_t j = 0; j < grouping.term_count; j++) {
            taken |= str_equal(grouping.terms[j].name, assign->text);
        }
        if (taken || assign->option == NODE_ROLE_IDENTIFIER) {
            return EVALUATOR_COMPLAIN(evaluator, assign->place,
                                      "„%.*s” nie może powstać w „aggr”: jest identyfikatorem albo "
                                      "powstaje dwa razy",
                                      STR_ARG(assign->text));
        }
        TRY(add_aggregate(evaluator, &grouping, evaluator_child(evaluator, assign, 0), assign->text,
                          assign->option == NODE_ROLE_ATTRIBUTE ? RELATION_ATTRIBUTE
                                                                : RELATION_MEASURE));
    }
    return run(evaluator, &grouping, &value->relation);
}

enum err
grouping_aggregate(struct evaluator *evaluator, uint32_t number)
{
    const struct node *node = &evaluator->script->nodes[number];
    struct value      *value = &evaluator->values[number];
    struct grouping    grouping;
    size_t             measures[RELATION_COMPONENTS_MAX];

    TRY(begin(evaluator, number, &grouping));
    size_t count = shape_of_role(grouping.in, RELATION_MEASURE, measures);
    if (node->kind == NODE_COUNT) {
        const struct str made = implicit_default_name(RELATION_INTEGER);
        TRY(shape_allow(evaluator, node, grouping.in, &made, 1));
        TRY(add_term(evaluator, &grouping, node,
                     (struct aggregate_term){
                         .component = RELATION_NONE, .name = made, .role = RELATION_MEASURE}));
        return run(evaluator, &grouping, &value->relation);
    }
    if (count == 0) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s” działa na miarach, a zbiór danych nie ma żadnej",
                                  STR_ARG(node->text));
    }
    for (size_t i = 0; i < count; i++) {
        TRY(add_term(evaluator, &grouping, node,
                     (struct aggregate_term){.component = measures[i],
                                             .name = grouping.in->components[measures[i]].name,
                                             .role = RELATION_MEASURE}));
    }
    return run(evaluator, &grouping, &value->relation);
}
