#include "validators/vtl/script.h"

const struct script_ruleset *
script_ruleset_of(const struct vtl_script *script, struct str name)
{
    for (size_t i = 0; i < script->ruleset_count; i++) {
        if (str_equal(script->rulesets[i].name, name)) {
            return &script->rulesets[i];
        }
    }
    return NULL;
}

const struct script_hierarchy *
script_hierarchy_of(const struct vtl_script *script, struct str name)
{
    for (size_t i = 0; i < script->hierarchy_count; i++) {
        if (str_equal(script->hierarchies[i].name, name)) {
            return &script->hierarchies[i];
        }
    }
    return NULL;
}

const struct node *
script_child(const struct vtl_script *script, const struct node *node, size_t child)
{
    return &script->nodes[script->links[node->first + child]];
}
