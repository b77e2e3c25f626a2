#ifndef VALIDATORS_VTL_SCRIPT_H
#define VALIDATORS_VTL_SCRIPT_H

#include "validators/vtl/limits.h"
#include "validators/vtl/node.h"
#include "validators/vtl/statement.h"

/* A script as a tree, before anybody asks what its names mean. */
struct script_constant {
    struct str       text; /* .data == NULL: not stated */
    bool             is_text;
    struct vtl_place place;
};

struct script_rule {
    struct str             name; /* its ordinal from 1, if the author gave none */
    bool                   named;
    struct vtl_place       place;
    uint32_t               first_node; /* nodes[first_node .. last_node] are this rule's */
    uint32_t               last_node;
    uint32_t               when; /* NODE_NONE: always */
    uint32_t               then;
    struct script_constant errorcode;
    struct script_constant errorlevel;
};

struct script_variable {
    struct str       name;  /* of the component */
    struct str       alias; /* what rules call it; the name if nothing else is said */
    struct vtl_place place;
};

struct script_ruleset {
    struct str              name;
    struct vtl_place        place;
    struct script_variable *variables;
    size_t                  variable_count;
    struct script_rule     *rules;
    size_t                  rule_count;
};

/* One term of a hierarchical rule. */
struct script_item {
    struct str       code; /* of the code item, with its sign if it is a number */
    bool             negative;
    struct vtl_place place;
};

/* "A = B + C - D", when it holds. */
struct script_relation {
    struct str             name; /* its ordinal from 1, if the author gave none */
    struct vtl_place       place;
    uint32_t               first_node; /* nodes[first_node .. when], if there is a condition */
    uint32_t               when;       /* NODE_NONE: always */
    struct script_item     left;
    enum node_kind         comparison; /* NODE_EQUAL .. NODE_GREATER_EQUAL */
    struct script_item    *items;
    size_t                 item_count;
    struct script_constant errorcode;
    struct script_constant errorlevel;
};

struct script_hierarchy {
    struct str              name;
    struct vtl_place        place;
    bool                    on_domain;  /* of value domains, not of variables */
    struct script_variable *conditions; /* what rules may ask about in "when" */
    size_t                  condition_count;
    struct script_variable  rule; /* the identifier that holds the code items */
    struct script_relation *relations;
    size_t                  relation_count;
};

struct vtl_script {
    struct node             *nodes;
    size_t                   node_count;
    uint32_t                *links;
    size_t                   link_count;
    struct script_ruleset   *rulesets;
    size_t                   ruleset_count;
    struct script_hierarchy *hierarchies;
    size_t                   hierarchy_count;
    struct vtl_statement    *statements;
    size_t                   statement_count;
};

/* NULL: there is none of this name. */
const struct script_ruleset   *script_ruleset_of(const struct vtl_script *script, struct str name);
const struct script_hierarchy *script_hierarchy_of(const struct vtl_script *script,
                                                   struct str               name);

const struct node *script_child(const struct vtl_script *script, const struct node *node,
                                size_t child);

#endif
