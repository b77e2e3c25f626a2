#ifndef VALIDATORS_VTL_SCRIPT_H
#define VALIDATORS_VTL_SCRIPT_H

#include "validators/vtl/limits.h"
#include "validators/vtl/statement.h"

/*
 * A script as a tree, before anybody asks what its names mean. Children always stand before their
 * parent in `nodes`, and the nodes of one rule are one run of it: whoever needs the tree bottom up
 * reads the run from left to right, without recursion.
 */
enum node_kind {
    NODE_NULL,
    NODE_TRUE,
    NODE_FALSE,
    NODE_INTEGER, /* text: digits, with a sign in a set */
    NODE_NUMBER,
    NODE_STRING,
    NODE_NAME,
    NODE_OMITTED, /* "_" as an argument */
    NODE_PLUS,    /* unary */
    NODE_MINUS,
    NODE_NOT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_CONCAT,
    NODE_EQUAL,
    NODE_UNEQUAL,
    NODE_LESS,
    NODE_LESS_EQUAL,
    NODE_GREATER,
    NODE_GREATER_EQUAL,
    NODE_AND,
    NODE_OR,
    NODE_XOR,
    NODE_IN_SET, /* first child: the operand; the others: constants */
    NODE_NOT_IN_SET,
    NODE_IN_DOMAIN, /* text: name of the domain */
    NODE_NOT_IN_DOMAIN,
    NODE_IF,   /* condition, then, else */
    NODE_CASE, /* condition, then, condition, then ..., else */
    NODE_BETWEEN,
    NODE_ISNULL,
    NODE_NVL,
    NODE_ABS,
    NODE_ROUND,
    NODE_TRUNC,
    NODE_FLOOR,
    NODE_CEIL,
    NODE_MOD,
    NODE_SUBSTR,
    NODE_LENGTH,
    NODE_UPPER,
    NODE_LOWER,
    NODE_TRIM,
    NODE_LTRIM,
    NODE_RTRIM,
};

#define NODE_NONE UINT32_MAX

struct node {
    enum node_kind   kind;
    uint32_t         first; /* its children are links[first .. first + count) */
    uint32_t         count;
    struct vtl_place place;
    struct str       text; /* as written: the constant, the name, the operator */
};

struct script_constant {
    struct str       text; /* .data == NULL: not stated */
    bool             is_text;
    struct vtl_place place;
};

struct script_rule {
    struct str             name;
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

struct vtl_script {
    struct node           *nodes;
    size_t                 node_count;
    uint32_t              *links;
    size_t                 link_count;
    struct script_ruleset *rulesets;
    size_t                 ruleset_count;
    struct vtl_statement  *statements;
    size_t                 statement_count;
};

#endif
