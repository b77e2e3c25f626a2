#ifndef VALIDATORS_VTL_NODE_H
#define VALIDATORS_VTL_NODE_H

#include "validators/vtl/option.h"
#include "validators/vtl/problem.h"

#include "validators/base/str.h"

/*
 * One step of an expression. Children always stand before their parent in the script's `nodes`,
 * and the nodes of one expression are one run of it: whoever needs the tree bottom up reads the run
 * from left to right, without recursion. Up to NODE_RTRIM a node may stand in a rule over
 * components; those behind it work on datasets, or shape what does.
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
    NODE_QUALIFIED, /* alias#text, a component of a join: [alias] */
    NODE_ALIAS,
    NODE_MEMBER, /* dataset#text: [dataset] */
    NODE_FILTER, /* clauses: [dataset, ...]; here a condition */
    NODE_CALC,   /* [dataset, assignment ...] */
    NODE_KEEP,   /* [dataset, name ...] */
    NODE_DROP,
    NODE_RENAME, /* [dataset, from, to, from, to ...] */
    NODE_SUB,    /* [dataset, name, constant, ...] */
    NODE_AGGR,   /* [dataset, assignment ..., group, having]; the last two may be missing */
    NODE_ASSIGN, /* text := [expression]; option: enum node_role */
    NODE_GROUP,  /* [name ...]; option 1: except, not by */
    NODE_HAVING, /* [condition] */
    NODE_SUM,    /* aggregates: [operand, group, having]; the last two may be missing */
    NODE_COUNT,  /* [] counts the rows of a group */
    NODE_MIN,
    NODE_MAX,
    NODE_AVG,
    NODE_JOIN,      /* [operand ..., using]; the last may be missing; option: enum node_join */
    NODE_OPERAND,   /* of a join: [dataset]; text: its alias, .data == NULL: none */
    NODE_USING,     /* [name ...] */
    NODE_JOINED,    /* [join with its clauses]: here its aliases end */
    NODE_EXISTS_IN, /* [dataset, dataset]; option: enum node_retain */
    NODE_UNION,     /* and the next three: [dataset, dataset ...] */
    NODE_INTERSECT,
    NODE_SETDIFF,
    NODE_SYMDIFF,
    NODE_TIMESHIFT,       /* [dataset, integer] */
    NODE_CHECK,           /* [dataset, code, level, imbalance]; option: enum vtl_output */
    NODE_CHECK_DATAPOINT, /* [dataset, ruleset, component ...]; option: enum vtl_output */
    NODE_CHECK_HIERARCHY, /* [dataset, ruleset, rule or omitted, condition ...]; all options */
    NODE_RULESET,
    NODE_KINDS,
};

#define NODE_NONE UINT32_MAX

struct node {
    enum node_kind   kind;
    uint32_t         first; /* its children are links[first .. first + count) */
    uint32_t         count;
    uint8_t          option;
    uint8_t          mode;     /* of check_hierarchy: enum node_mode */
    bool             priority; /* of check_hierarchy: dataset_priority */
    struct vtl_place place;
    struct str       text; /* as written: the constant, the name, the operator */
};

#endif
