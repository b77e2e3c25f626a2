#include "validators/evaluation/shape.h"

#include "validators/relation/join.h"
#include "validators/relation/projection.h"

#include <string.h>

/*
 * inner_join, left_join, full_join (Reference Manual, Join operators): operands stepwise from the
 * left, on their common identifiers or on the components after "using".
 */
struct link {
    const struct node *node;
    enum node_join     kind;
    struct value_join *join;
    struct str         keys[RELATION_COMPONENTS_MAX]; /* of using */
    size_t             key_count;                     /* 0: no using */
    size_t             reference;                     /* the operand whose roles the keys have */
};

enum err
linking_operand(struct evaluator *evaluator, uint32_t number)
{
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *in = NULL;

    TRY(evaluator_dataset(evaluator, node, 0, &in));
    evaluator->values[number] = (struct value){.kind = VALUE_DATASET, .relation = *in};
    return ERR_OK;
}

static enum err
read_keys(struct evaluator *evaluator, struct link *link)
{
    const struct node *using = evaluator_child(evaluator, link->node, link->node->count - 1);

    for (size_t i = 0; using->kind == NODE_USING && i < using->count; i++) {
        const struct node *name = evaluator_child(evaluator, using, i);
        if (name->kind != NODE_NAME) {
            return EVALUATOR_COMPLAIN(evaluator, name->place,
                                      "po „using” stoi sama nazwa składowej, bez nazwy zbioru");
        }
        for (size_t j = 0; j < link->join->count; j++) {
            if (relation_find(&link->join->operands[j], name->text) == RELATION_NONE) {
                return EVALUATOR_COMPLAIN(evaluator, name->place,
                                          "zbiór „%.*s” nie ma składowej „%.*s”, po której ma być "
                                          "złączony",
                                          STR_ARG(link->join->aliases[j]), STR_ARG(name->text));
            }
        }
        for (size_t j = 0; j < i; j++) {
            if (str_equal(link->keys[j], name->text)) {
                return EVALUATOR_COMPLAIN(evaluator, name->place, "„%.*s” stoi po „using” dwa razy",
                                          STR_ARG(name->text));
            }
        }
        link->keys[link->key_count++] = name->text;
    }
    return ERR_OK;
}

/* Without using: one holds all identifiers of every other (inner), or all have the same. */
static bool
fits_without_keys(const struct link *link)
{
    const struct value_join *join = link->join;

    for (size_t i = 0; i < join->count; i++) {
        for (size_t j = 0; j < i; j++) {
            bool over = shape_covers(&join->operands[i], &join->operands[j]);
            bool under = shape_covers(&join->operands[j], &join->operands[i]);
            if (link->kind == NODE_JOIN_INNER ? !over && !under : !over || !under) {
                return false;
            }
        }
    }
    return true;
}

/* Whether the keys are all identifiers of the operand and nothing else. */
static bool
keys_are_identifiers(const struct link *link, const struct relation *operand)
{
    size_t numbers[RELATION_COMPONENTS_MAX];
    bool   all = relation_identifiers(operand, numbers) == link->key_count;

    for (size_t i = 0; all && i < link->key_count; i++) {
        size_t at = relation_find(operand, link->keys[i]);
        all = operand->components[at].role == RELATION_IDENTIFIER;
    }
    return all;
}

/* Whether the keys are identifiers of every operand. */
static bool
keys_are_common(const struct link *link)
{
    for (size_t i = 0; i < link->join->count; i++) {
        const struct relation *operand = &link->join->operands[i];
        for (size_t j = 0; j < link->key_count; j++) {
            size_t at = relation_find(operand, link->keys[j]);
            if (operand->components[at].role != RELATION_IDENTIFIER) {
                return false;
            }
        }
    }
    return true;
}

/* The manual's sub-cases of using: B1, or B2 with one operand as the reference. */
static bool
fits_with_keys(struct link *link)
{
    size_t others = 0; /* operands whose identifiers are not just the keys */

    for (size_t i = 0; i < link->join->count; i++) {
        if (!keys_are_identifiers(link, &link->join->operands[i])) {
            link->reference = i;
            others++;
        }
    }
    bool reference_right = link->kind == NODE_JOIN_INNER || link->reference == 0;
    if (others == 0 || (others == 1 && reference_right && link->kind != NODE_JOIN_FULL)) {
        return true;
    }
    link->reference = 0;
    return link->kind != NODE_JOIN_FULL && keys_are_common(link) && fits_without_keys(link);
}

static enum err
check_operands(struct evaluator *evaluator, struct link *link)
{
    if (link->key_count == 0 ? fits_without_keys(link) : fits_with_keys(link)) {
        return ERR_OK;
    }
    return EVALUATOR_COMPLAIN(
        evaluator, link->node->place,
        link->key_count > 0
            ? "„using” powinno wymieniać wspólne identyfikatory złączanych zbiorów (w „full_join”: "
              "wszystkie)"
        : link->kind == NODE_JOIN_INNER
            ? "identyfikatory jednego ze złączanych zbiorów powinny zawierać identyfikatory "
              "wszystkich pozostałych"
            : "zbiory złączane przez „left_join” i „full_join” powinny mieć te same "
              "identyfikatory");
}

static bool
is_key(const struct link *link, const struct relation_component *component)
{
    for (size_t i = 0; i < link->key_count; i++) {
        if (str_equal(link->keys[i], component->name)) {
            return true;
        }
    }
    return link->key_count == 0 && component->role == RELATION_IDENTIFIER;
}

/* What stands in several operands and is no key is called "alias#name". */
static enum err
mark_names(struct evaluator *evaluator, const struct link *link, size_t at, struct relation *out)
{
    struct projection_name names[RELATION_COMPONENTS_MAX];
    const struct relation *in = &link->join->operands[at];
    size_t                 count = 0;

    for (size_t i = 0; i < in->component_count; i++) {
        bool shared = false;
        for (size_t j = 0; j < link->join->count; j++) {
            shared |=
                j != at
                && relation_find(&link->join->operands[j], in->components[i].name) != RELATION_NONE;
        }
        if (!shared || is_key(link, &in->components[i])) {
            continue;
        }
        names[count].component = i;
        names[count].name =
            str_format(evaluator->arena, "%.*s#%.*s", STR_ARG(link->join->aliases[at]),
                       STR_ARG(in->components[i].name));
        if (names[count++].name.data == NULL) {
            return FAIL(evaluator->fault, ERR_MEMORY, "names of a join");
        }
    }
    return projection_rename(evaluator->arena, in, names, count, out, evaluator->fault);
}

static enum err
find_keys(struct evaluator *evaluator, const struct link *link, struct join *join,
          size_t *left_keys, size_t *right_keys)
{
    join->left_keys = left_keys;
    join->right_keys = right_keys;
    if (link->key_count == 0) {
        return join_common(join->left, join->right, left_keys, right_keys, &join->key_count,
                           evaluator->fault);
    }
    for (size_t i = 0; i < link->key_count; i++) {
        left_keys[i] = relation_find(join->left, link->keys[i]);
        right_keys[i] = relation_find(join->right, link->keys[i]);
    }
    join->key_count = link->key_count;
    return ERR_OK;
}

static enum err
join_next(struct evaluator *evaluator, const struct link *link, size_t at, struct relation *all)
{
    static const enum join_kind kinds[] = {
        [NODE_JOIN_INNER] = JOIN_INNER, [NODE_JOIN_LEFT] = JOIN_LEFT, [NODE_JOIN_FULL] = JOIN_FULL};
    size_t          left_keys[RELATION_COMPONENTS_MAX];
    size_t          right_keys[RELATION_COMPONENTS_MAX];
    struct relation left = *all;
    struct relation right;
    struct join     join = {.kind = kinds[link->kind], .left = &left, .right = &right};

    TRY(mark_names(evaluator, link, at, &right));
    TRY(shape_agree(evaluator, link->node, &left, &right));
    TRY(evaluator_judge(evaluator, link->node,
                        find_keys(evaluator, link, &join, left_keys, right_keys)));
    if (left.component_count + right.component_count - join.key_count > RELATION_COMPONENTS_MAX) {
        return EVALUATOR_COMPLAIN(evaluator, link->node->place,
                                  "złączenie miałoby więcej niż %d składowych",
                                  RELATION_COMPONENTS_MAX);
    }
    return evaluator_judge(evaluator, link->node,
                           join_run(evaluator->arena, &join, all, evaluator->fault));
}

/* Keys have the roles that they have in the reference, which need not stand first. */
static enum err
restore_roles(struct evaluator *evaluator, const struct link *link, struct relation *all)
{
    const struct relation *reference = &link->join->operands[link->reference];

    for (size_t i = 0; i < link->key_count; i++) {
        size_t             at = relation_find(all, link->keys[i]);
        size_t             from = relation_find(reference, link->keys[i]);
        enum relation_role role = reference->components[from].role;
        struct relation    before = *all;
        if (before.components[at].role != role) {
            TRY(evaluator_judge(
                evaluator, link->node,
                projection_role(evaluator->arena, &before, at, role, all, evaluator->fault)));
        }
    }
    return ERR_OK;
}

enum err
linking_join(struct evaluator *evaluator, uint32_t number)
{
    const struct node *node = &evaluator->script->nodes[number];
    struct value      *value = &evaluator->values[number];
    struct link        link = {.node = node, .kind = (enum node_join)node->option};

    link.join = ARENA_NEW(evaluator->arena, struct value_join, 1);
    if (link.join == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "operands of a join");
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = evaluator_child(evaluator, node, i);
        if (child->kind == NODE_OPERAND) {
            link.join->aliases[link.join->count] = child->text;
            link.join->operands[link.join->count++] = evaluator_value(evaluator, node, i)->relation;
        }
    }
    TRY(read_keys(evaluator, &link));
    TRY(check_operands(evaluator, &link));
    TRY(mark_names(evaluator, &link, 0, &value->relation));
    for (size_t i = 1; i < link.join->count; i++) {
        TRY(join_next(evaluator, &link, i, &value->relation));
    }
    value->kind = VALUE_DATASET;
    value->join = link.join;
    return restore_roles(evaluator, &link, &value->relation);
}

/* "name" of "alias#name", if the alias is one of the join. */
static struct str
bare_name(const struct value_join *join, struct str name)
{
    for (size_t i = 0; i < join->count; i++) {
        struct str alias = join->aliases[i];
        if (name.size > alias.size + 1 && str_starts_with(name, alias)
            && name.data[alias.size] == '#') {
            return str_slice(name, alias.size + 1, SIZE_MAX);
        }
    }
    return name;
}

/* Whether a component is an attribute of an operand, which no clause has calculated anew. */
static bool
is_carried(const struct value_join *join, const struct relation_component *component)
{
    struct str name = bare_name(join, component->name);
    bool       renamed = name.data != component->name.data; /* only a join names so */

    for (size_t i = 0; component->role == RELATION_ATTRIBUTE && i < join->count; i++) {
        size_t at = relation_find(&join->operands[i], name);
        if (at != RELATION_NONE
            && (renamed || join->operands[i].components[at].name.data == name.data)) {
            return true;
        }
    }
    return false;
}

enum err
linking_settle(struct evaluator *evaluator, const struct value *value, struct relation *out)
{
    size_t numbers[RELATION_COMPONENTS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < value->relation.component_count; i++) {
        if (!is_carried(value->join, &value->relation.components[i])) {
            numbers[count++] = i;
        }
    }
    return projection_select(evaluator->arena, &value->relation, numbers, count, out,
                             evaluator->fault);
}

enum err
linking_joined(struct evaluator *evaluator, uint32_t number)
{
    struct projection_name names[RELATION_COMPONENTS_MAX];
    const struct node     *node = &evaluator->script->nodes[number];
    const struct value    *in = evaluator_value(evaluator, node, 0);
    struct value          *value = &evaluator->values[number];
    struct relation        settled;

    TRY(linking_settle(evaluator, in, &settled));
    size_t count = settled.component_count;
    for (size_t i = 0; i < count; i++) {
        names[i].component = i;
        names[i].name = bare_name(in->join, settled.components[i].name);
        for (size_t j = 0; j < i; j++) {
            if (str_equal(names[j].name, names[i].name)) {
                return EVALUATOR_COMPLAIN(evaluator, node->place,
                                          "w wyniku złączenia składowa „%.*s” stałaby dwa razy; "
                                          "zmień jej nazwę (rename) albo ją pomiń (drop, keep)",
                                          STR_ARG(names[i].name));
            }
        }
    }
    value->kind = VALUE_DATASET;
    return projection_rename(evaluator->arena, &settled, names, count, &value->relation,
                             evaluator->fault);
}
