#include "validators/evaluation/places.h"

/* Whether a child of a node that is a value is one, too. */
static bool
is_value(const struct vtl_script *script, const struct node *node, size_t child)
{
    switch (node->kind) {
    case NODE_FILTER:
    case NODE_CALC:
    case NODE_KEEP:
    case NODE_DROP:
    case NODE_RENAME:
    case NODE_SUB:
    case NODE_AGGR:
    case NODE_SUM:
    case NODE_COUNT:
    case NODE_MIN:
    case NODE_MAX:
    case NODE_AVG:
    case NODE_CHECK_DATAPOINT:
    case NODE_CHECK_HIERARCHY:
    case NODE_TIMESHIFT:
        return child == 0;
    case NODE_CHECK:
        return child == 0 || child == 3;
    case NODE_JOIN:
        return script_child(script, node, child)->kind == NODE_OPERAND;
    default:
        return true;
    }
}

static void
mark_statement(const struct vtl_script *script, const struct vtl_statement *statement,
               struct places *places)
{
    places->values[statement->root] = 1;
    for (uint32_t i = statement->root + 1; i-- > statement->first;) {
        const struct node *node = &script->nodes[i];
        for (size_t j = 0; places->values[i] != 0 && j < node->count; j++) {
            places->values[script->links[node->first + j]] = is_value(script, node, j) ? 1 : 0;
        }
    }
}

enum err
places_find(struct arena *arena, const struct vtl_script *script, struct places *out,
            struct fault *fault)
{
    out->values = ARENA_NEW(arena, uint8_t, script->node_count + 1);
    out->firsts = ARENA_NEW(arena, uint32_t, script->node_count + 1);
    if (out->values == NULL || out->firsts == NULL) {
        return FAIL(fault, ERR_MEMORY, "places of %zu nodes", script->node_count);
    }
    for (uint32_t i = 0; i < script->node_count; i++) {
        const struct node *node = &script->nodes[i];
        out->firsts[i] = i;
        for (size_t j = 0; j < node->count; j++) {
            uint32_t first = out->firsts[script->links[node->first + j]];
            out->firsts[i] = first < out->firsts[i] ? first : out->firsts[i];
        }
    }
    for (size_t i = 0; i < script->statement_count; i++) {
        mark_statement(script, &script->statements[i], out);
    }
    return ERR_OK;
}
