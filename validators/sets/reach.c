#include "validators/sets/reach.h"

#include "validators/vtl/script.h"

/* What is known of a condition, node by node: children stand before their parents. */
enum {
    PLAIN = 1,  /* made of strings that stand in every row: it is true or false, and cannot fail */
    ADMITS = 2, /* it may be true where the component has the value asked for */
};

struct walk {
    const struct reach_question *question;
    struct str                   value;
    uint8_t                     *marks; /* per node */
    uint8_t                     *taken; /* per node: a filter says which of its rows count */
};

static uint32_t
child_of(const struct walk *walk, const struct node *node, size_t child)
{
    return walk->question->script->links[node->first + child];
}

static bool
all_plain(const struct walk *walk, const struct node *node)
{
    bool plain = true;

    for (size_t i = 0; i < node->count; i++) {
        plain = plain && (walk->marks[child_of(walk, node, i)] & PLAIN) != 0;
    }
    return plain;
}

static uint8_t
mark_name(const struct walk *walk, const struct node *node)
{
    const struct relation *structure = walk->question->structure;
    size_t                 at = relation_find(structure, node->text);

    return at != RELATION_NONE && structure->components[at].type == RELATION_STRING
                   && structure->components[at].role == RELATION_IDENTIFIER
               ? PLAIN | ADMITS
               : ADMITS;
}

/* component = "value", "value" = component, component in {"value", ...}; else anything may be. */
static bool
admits_member(const struct walk *walk, const struct node *node)
{
    const struct node *nodes = walk->question->script->nodes;
    size_t             names = 0;
    size_t             strings = 0;
    bool               found = false;

    for (size_t i = 0; i < node->count; i++) {
        const struct node *child = &nodes[child_of(walk, node, i)];
        if (child->kind == NODE_NAME && str_equal(child->text, walk->question->component)) {
            names++;
        } else if (child->kind == NODE_STRING) {
            strings++;
            found = found || str_equal(child->text, walk->value);
        }
    }
    return names != 1 || strings + 1 != node->count || found;
}

static uint8_t
mark_condition(const struct walk *walk, const struct node *node)
{
    uint8_t plain = all_plain(walk, node) ? PLAIN : 0;
    uint8_t both = ADMITS;
    uint8_t either = 0;

    for (size_t i = 0; i < node->count; i++) {
        both &= walk->marks[child_of(walk, node, i)];
        either |= walk->marks[child_of(walk, node, i)];
    }
    switch (node->kind) {
    case NODE_STRING:
        return PLAIN | ADMITS;
    case NODE_NAME:
        return mark_name(walk, node);
    case NODE_EQUAL:
    case NODE_IN_SET:
        return plain | (admits_member(walk, node) ? ADMITS : 0);
    case NODE_UNEQUAL:
    case NODE_NOT_IN_SET:
    case NODE_IN_DOMAIN:
    case NODE_NOT_IN_DOMAIN:
        return plain | ADMITS;
    case NODE_AND:
        return plain | both;
    case NODE_OR:
        return plain | (either & ADMITS);
    default:
        return ADMITS;
    }
}

/* A filter of the dataset itself: whether it may let a row with the value through. */
static bool
filter_admits(struct walk *walk, const struct node *node)
{
    const struct vtl_script *script = walk->question->script;
    uint32_t                 dataset = child_of(walk, node, 0);

    if (script->nodes[dataset].kind != NODE_NAME
        || !str_equal(script->nodes[dataset].text, walk->question->dataset)) {
        return false;
    }
    uint8_t condition = walk->marks[child_of(walk, node, 1)];
    walk->taken[dataset] = 1;
    return (condition & PLAIN) == 0 || (condition & ADMITS) != 0;
}

enum err
reach_find(struct arena *scratch, const struct reach_question *question, struct str value,
           bool *out, struct fault *fault)
{
    const struct vtl_script *script = question->script;
    struct walk              walk = {.question = question,
                                     .value = value,
                                     .marks = ARENA_NEW(scratch, uint8_t, script->node_count + 1),
                                     .taken = ARENA_NEW(scratch, uint8_t, script->node_count + 1)};

    if (walk.marks == NULL || walk.taken == NULL) {
        return FAIL(fault, ERR_MEMORY, "what a script of %zu nodes reads", script->node_count);
    }
    *out = false;
    for (size_t i = 0; i < script->node_count; i++) {
        const struct node *node = &script->nodes[i];
        walk.marks[i] = mark_condition(&walk, node);
        if (node->kind == NODE_FILTER && node->count == 2) {
            *out = *out || filter_admits(&walk, node);
        }
    }
    for (size_t i = 0; i < script->node_count; i++) {
        const struct node *node = &script->nodes[i];
        bool is_dataset = node->kind == NODE_NAME && str_equal(node->text, question->dataset);
        *out = *out || (is_dataset && walk.taken[i] == 0);
    }
    return ERR_OK;
}
