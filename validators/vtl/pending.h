#ifndef VALIDATORS_VTL_PENDING_H
#define VALIDATORS_VTL_PENDING_H

#include "validators/vtl/cursor.h"

/*
 * What an expression being read still waits for: `open` holds operators, parentheses, functions,
 * if, case and clauses without their right end; `operands` the finished nodes below them.
 */
enum { PENDING_OPERANDS_MAX = 4 * VTL_DEPTH_MAX };

enum { PENDING_STRENGTH_NONE = 0, PENDING_STRENGTH_IN = 3 };

enum open_kind {
    OPEN_BINARY,
    OPEN_UNARY,
    OPEN_PAREN,
    OPEN_CALL,
    OPEN_IF,   /* between "if" and "then" */
    OPEN_THEN, /* between "then" and "else" */
    OPEN_ELSE, /* behind "else" */
    OPEN_CASE, /* between "case when" and "then" */
    OPEN_CASE_THEN,
    OPEN_CASE_ELSE,
    OPEN_CLAUSE, /* filter, calc or aggr, in brackets or in a join */
    OPEN_ASSIGN, /* behind "name :=" in calc and aggr */
    OPEN_HAVING,
    OPEN_JOIN,      /* between its parenthesis and the end of its operands */
    OPEN_JOIN_BODY, /* behind them */
};

/* What may stand here: expressions over components, the same with aggregates, datasets. */
enum scope { SCOPE_COMPONENT, SCOPE_GROUP, SCOPE_DATASET };

struct open {
    enum open_kind      kind;
    enum node_kind      node;
    int                 strength;      /* of OPEN_BINARY: larger binds tighter */
    size_t              arguments_max; /* of OPEN_CALL */
    size_t              base;          /* operands below are not its own */
    const struct token *token;         /* where it was opened */
    enum scope          scope;         /* of what stands in it */
    size_t              call;          /* of OPEN_CALL: which function */
    uint8_t             option;        /* of the node; a join's: its last clause */
    bool                in_join;       /* of OPEN_CLAUSE: no brackets around it */
    struct str          name;          /* of OPEN_ASSIGN */
};

struct pending {
    struct cursor *cursor;
    struct open    open[VTL_DEPTH_MAX];
    size_t         open_count;
    uint32_t       operands[PENDING_OPERANDS_MAX];
    size_t         operand_count;
    enum scope     scope; /* of the whole expression */
};

struct open *pending_top(struct pending *pending); /* NULL: nothing is open */

enum scope pending_scope(const struct pending *pending); /* at the cursor's token */

/*
 * Open something at the cursor's token, in its surroundings' scope; add a finished operand. Both
 * stacks have a limit.
 */
MUST_USE enum err pending_open(struct pending *pending, struct open open);
MUST_USE enum err pending_operand(struct pending *pending, uint32_t node);

/* Close the top: its operands from base on become children of one node, which replaces them. */
void pending_close(struct pending *pending, enum node_kind kind, size_t base);

/* The operands from base on become children of this node, which replaces them. */
void pending_wrap(struct pending *pending, struct node node, size_t base);

/* Close operators that bind at least so; with STRENGTH_NONE also if and case behind their else. */
void pending_reduce(struct pending *pending, int strength);

/* The cursor's token does not close what is open: say what is missing. */
enum err pending_refuse(struct pending *pending);

#endif
