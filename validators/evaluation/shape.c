#include "validators/evaluation/shape.h"

#include "validators/relation/join.h"
#include "validators/relation/projection.h"

#include <string.h>

const char *
shape_type_name(enum relation_type type)
{
    static const char *const names[RELATION_TYPES] = {
        [RELATION_NUMBER] = "liczba",     [RELATION_INTEGER] = "liczba całkowita",
        [RELATION_STRING] = "napis",      [RELATION_BOOLEAN] = "wartość logiczna",
        [RELATION_TIME_PERIOD] = "okres",
    };

    return names[type];
}

size_t
shape_of_role(const struct relation *relation, enum relation_role role, size_t *numbers)
{
    size_t count = 0;

    for (size_t i = 0; i < relation->component_count; i++) {
        if (relation->components[i].role == role) {
            numbers[count++] = i;
        }
    }
    return count;
}

enum err
shape_bare(struct evaluator *evaluator, const struct relation *in, struct relation *out)
{
    size_t numbers[RELATION_COMPONENTS_MAX];
    size_t count = shape_of_role(in, RELATION_IDENTIFIER, numbers);

    count += shape_of_role(in, RELATION_MEASURE, numbers + count);
    return projection_select(evaluator->arena, in, numbers, count, out, evaluator->fault);
}

enum err
shape_identifiers(struct evaluator *evaluator, const struct relation *in, struct relation *out)
{
    size_t numbers[RELATION_COMPONENTS_MAX];
    size_t count = shape_of_role(in, RELATION_IDENTIFIER, numbers);

    return projection_select(evaluator->arena, in, numbers, count, out, evaluator->fault);
}

static bool
has(const struct relation *relation, struct str name, enum relation_role role)
{
    size_t at = relation_find(relation, name);

    return at != RELATION_NONE && relation->components[at].role == role;
}

enum err
shape_allow(struct evaluator *evaluator, const struct node *node, const struct relation *relation,
            const struct str *added, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has(relation, added[i], RELATION_IDENTIFIER)) {
            return EVALUATOR_COMPLAIN(evaluator, node->place,
                                      "„%.*s” dodaje składową „%.*s”, a zbiór danych ma już "
                                      "identyfikator o tej nazwie; zmień ją przez „rename”",
                                      STR_ARG(str_slice(node->text, 0, 40)), STR_ARG(added[i]));
        }
    }
    return ERR_OK;
}

/* The first component of a role that part has and whole has not; RELATION_NONE: there is none. */
static size_t
first_alone(const struct relation *part, const struct relation *whole, enum relation_role role)
{
    for (size_t i = 0; i < part->component_count; i++) {
        if (part->components[i].role == role && !has(whole, part->components[i].name, role)) {
            return i;
        }
    }
    return RELATION_NONE;
}

bool
shape_covers(const struct relation *whole, const struct relation *part)
{
    return first_alone(part, whole, RELATION_IDENTIFIER) == RELATION_NONE;
}

bool
shape_same_measures(const struct relation *a, const struct relation *b, struct str *missing)
{
    size_t of_a = first_alone(a, b, RELATION_MEASURE);
    size_t of_b = first_alone(b, a, RELATION_MEASURE);

    if (of_a != RELATION_NONE) {
        *missing = a->components[of_a].name;
    } else if (of_b != RELATION_NONE) {
        *missing = b->components[of_b].name;
    }
    return of_a == RELATION_NONE && of_b == RELATION_NONE;
}

static bool
is_numeric(enum relation_type type)
{
    return type == RELATION_NUMBER || type == RELATION_INTEGER;
}

enum err
shape_only_measure(struct evaluator *evaluator, const struct node *node,
                   const struct relation *relation, enum relation_type wanted, size_t *out)
{
    size_t numbers[RELATION_COMPONENTS_MAX];
    size_t count = shape_of_role(relation, RELATION_MEASURE, numbers);

    if (count != 1) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s” przyjmuje zbiór danych z jedną miarą, a ten ma ich %zu; "
                                  "wybierz jedną przez „#” albo „keep”",
                                  STR_ARG(str_slice(node->text, 0, 40)), count);
    }
    enum relation_type type = relation->components[numbers[0]].type;
    bool               fits = wanted == RELATION_TYPES || type == wanted
                || (wanted == RELATION_NUMBER && is_numeric(type));
    if (!fits) {
        return EVALUATOR_COMPLAIN(
            evaluator, node->place, "„%.*s” oczekuje miary typu: %s, a „%.*s” to: %s",
            STR_ARG(str_slice(node->text, 0, 40)), shape_type_name(wanted),
            STR_ARG(relation->components[numbers[0]].name), shape_type_name(type));
    }
    *out = numbers[0];
    return ERR_OK;
}

/* A number of this scale, if it is not one already. */
static enum err
rescale(struct evaluator *evaluator, const struct node *node, struct relation *relation, size_t at,
        int scale)
{
    const struct relation_component *component = &relation->components[at];
    struct relation                  in = *relation;

    if (component->type == RELATION_NUMBER && component->scale == scale) {
        return ERR_OK;
    }
    return evaluator_judge(
        evaluator, node,
        projection_rescale(evaluator->arena, &in, at, scale, relation, evaluator->fault));
}

/* Texts of two notations side by side are strings and nothing else. */
static enum err
forget_notation(struct evaluator *evaluator, struct relation *relation, size_t at)
{
    struct relation_component *components =
        ARENA_NEW(evaluator->arena, struct relation_component, relation->component_count);

    if (components == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "components of a dataset");
    }
    memcpy(components, relation->components, relation->component_count * sizeof *components);
    components[at].notation = RELATION_PLAIN;
    relation->components = components;
    return ERR_OK;
}

enum err
shape_agree(struct evaluator *evaluator, const struct node *node, struct relation *a,
            struct relation *b)
{
    for (size_t i = 0; i < a->component_count; i++) {
        size_t j = relation_find(b, a->components[i].name);
        if (j == RELATION_NONE) {
            continue;
        }
        const struct relation_component *x = &a->components[i];
        const struct relation_component *y = &b->components[j];
        if (x->notation != y->notation) {
            TRY(forget_notation(evaluator, a, i));
            TRY(forget_notation(evaluator, b, j));
            x = &a->components[i];
            y = &b->components[j];
        }
        if (x->type == y->type && x->scale == y->scale) {
            continue;
        }
        if (!is_numeric(x->type) || !is_numeric(y->type)) {
            return EVALUATOR_COMPLAIN(evaluator, node->place,
                                      "składowa „%.*s” jest w jednym zbiorze typu: %s, a w drugim: "
                                      "%s",
                                      STR_ARG(x->name), shape_type_name(x->type),
                                      shape_type_name(y->type));
        }
        int scale = x->scale > y->scale ? x->scale : y->scale;
        TRY(rescale(evaluator, node, a, i, scale));
        TRY(rescale(evaluator, node, b, j, scale));
    }
    return ERR_OK;
}

enum err
shape_match(struct evaluator *evaluator, const struct node *node, struct relation *left,
            struct relation *right, struct relation *out)
{
    size_t      left_keys[RELATION_COMPONENTS_MAX];
    size_t      right_keys[RELATION_COMPONENTS_MAX];
    struct join join = {.kind = JOIN_INNER,
                        .left = left,
                        .right = right,
                        .left_keys = left_keys,
                        .right_keys = right_keys};

    TRY(shape_agree(evaluator, node, left, right));
    TRY(evaluator_judge(
        evaluator, node,
        join_common(left, right, left_keys, right_keys, &join.key_count, evaluator->fault)));
    return evaluator_judge(evaluator, node,
                           join_run(evaluator->arena, &join, out, evaluator->fault));
}
