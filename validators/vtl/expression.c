#include "validators/vtl/expression.h"

#include "validators/vtl/call.h"
#include "validators/vtl/clause.h"
#include "validators/vtl/joining.h"

static const struct {
    const char    *sign; /* NULL: a word */
    enum word      word;
    enum node_kind node;
    int            strength;
} binaries[] = {
    {"*",  0,        NODE_MULTIPLY,      6},
    {"/",  0,        NODE_DIVIDE,        6},
    {"+",  0,        NODE_ADD,           5},
    {"-",  0,        NODE_SUBTRACT,      5},
    {"||", 0,        NODE_CONCAT,        5},
    {"=",  0,        NODE_EQUAL,         4},
    {"<>", 0,        NODE_UNEQUAL,       4},
    {"<=", 0,        NODE_LESS_EQUAL,    4},
    {"<",  0,        NODE_LESS,          4},
    {">=", 0,        NODE_GREATER_EQUAL, 4},
    {">",  0,        NODE_GREATER,       4},
    {NULL, WORD_AND, NODE_AND,           2},
    {NULL, WORD_OR,  NODE_OR,            1},
    {NULL, WORD_XOR, NODE_XOR,           1},
};

static bool
opens_unary(const struct token *token, enum node_kind *node)
{
    if (lexer_is_sign(token, "-")) {
        *node = NODE_MINUS;
    } else if (lexer_is_sign(token, "+")) {
        *node = NODE_PLUS;
    } else if (lexer_is_word(token, WORD_NOT)) {
        *node = NODE_NOT;
    } else {
        return false;
    }
    return true;
}

/* "_" stands only for an argument of round, trunc and substr behind the first one. */
static bool
may_be_omitted(struct pending *pending)
{
    const struct open *open = pending_top(pending);

    return open != NULL && open->kind == OPEN_CALL && pending->operand_count > open->base
           && (open->node == NODE_ROUND || open->node == NODE_TRUNC || open->node == NODE_SUBSTR);
}

/* "name"; over components also "alias#name". */
static enum err
take_name(struct pending *pending, uint32_t *out)
{
    struct cursor      *cursor = pending->cursor;
    const struct token *token = cursor->token++;
    struct node         node = {.kind = NODE_NAME, .place = token->place, .text = token->text};

    if (pending_scope(pending) == SCOPE_DATASET || !cursor_take_sign(cursor, "#")) {
        *out = cursor_add(cursor, node, NULL, 0);
        return ERR_OK;
    }
    node.kind = NODE_ALIAS;
    uint32_t alias = cursor_add(cursor, node, NULL, 0);
    node.kind = NODE_QUALIFIED;
    TRY(cursor_need_name(cursor, "nazwa składowej", &node.text));
    *out = cursor_add(cursor, node, &alias, 1);
    return ERR_OK;
}

static enum err
take_operand(struct pending *pending)
{
    struct cursor      *cursor = pending->cursor;
    const struct token *token = cursor->token;
    struct node         node = {.kind = NODE_NAME, .place = token->place, .text = token->text};
    uint32_t            made = 0;

    if (token->kind == TOKEN_NAME && lexer_is_sign(token + 1, "(")) {
        return problem_set(cursor->problem, token->place, cursor->fault,
                           "operator „%.*s” nie należy do podzbioru VTL przyjętego przez bramę",
                           STR_ARG(cursor_shown(cursor)));
    }
    if (token->kind == TOKEN_NAME) {
        TRY(take_name(pending, &made));
    } else if (lexer_is_sign(token, "_") && may_be_omitted(pending)) {
        node.kind = NODE_OMITTED;
        cursor->token++;
        made = cursor_add(cursor, node, NULL, 0);
    } else if (token->kind == TOKEN_INTEGER || token->kind == TOKEN_NUMBER
               || token->kind == TOKEN_STRING || lexer_is_word(token, WORD_TRUE)
               || lexer_is_word(token, WORD_FALSE) || lexer_is_word(token, WORD_NULL)) {
        TRY(cursor_constant(cursor, &made));
    } else {
        return cursor_unexpected(cursor, "powinna tu stać wartość (zmienna, stała, funkcja albo "
                                         "nawias)");
    }
    return pending_operand(pending, made);
}

/* Where a value is due. *want: it still is; else an operand is complete. */
static enum err
read_value(struct pending *pending, bool *want)
{
    struct cursor      *cursor = pending->cursor;
    const struct token *token = cursor->token;
    struct open         open = {.kind = OPEN_UNARY};

    *want = true;
    if (token->kind == TOKEN_WORD && lexer_word_class(token->word) == WORD_CALL) {
        return call_open(pending, want);
    }
    if (lexer_is_sign(token, "(")) {
        open.kind = OPEN_PAREN;
    } else if (lexer_is_word(token, WORD_IF)) {
        open.kind = OPEN_IF;
    } else if (lexer_is_word(token, WORD_CASE)) {
        open.kind = OPEN_CASE;
    } else if (!opens_unary(token, &open.node)) {
        *want = false;
        return take_operand(pending);
    }
    TRY(pending_open(pending, open));
    cursor->token++;
    return open.kind == OPEN_CASE ? cursor_need_word(cursor, WORD_WHEN, "case") : ERR_OK;
}

/* "in" and "not_in": the right side is a set or a name, so the node is complete at once. */
static enum err
read_membership(struct pending *pending)
{
    struct cursor      *cursor = pending->cursor;
    const struct token *token = cursor->token++;
    bool                negated = token->word == WORD_NOT_IN;
    struct node         node = {.place = token->place, .text = token->text};
    struct vtl_script  *script = cursor->script;

    pending_reduce(pending, PENDING_STRENGTH_IN);
    uint32_t *operand = &pending->operands[pending->operand_count - 1];
    if (!cursor_take_sign(cursor, "{")) {
        node.kind = negated ? NODE_NOT_IN_DOMAIN : NODE_IN_DOMAIN;
        TRY(cursor_need_name(cursor, "nazwa dziedziny albo zbiór w nawiasach { }", &node.text));
        *operand = cursor_add(cursor, node, operand, 1);
        return ERR_OK;
    }
    uint32_t first = (uint32_t)script->link_count;
    script->links[script->link_count++] = *operand;
    do {
        uint32_t member = 0;
        TRY(cursor_constant(cursor, &member));
        script->links[script->link_count++] = member;
    } while (cursor_take_sign(cursor, ","));
    TRY(cursor_need_sign(cursor, "}", "{"));
    node.kind = negated ? NODE_NOT_IN_SET : NODE_IN_SET;
    *operand = cursor_add(cursor, node, NULL, 0);
    script->nodes[*operand].first = first;
    script->nodes[*operand].count = (uint32_t)script->link_count - first;
    return ERR_OK;
}

/* "then", "else" and "when" move the innermost if or case on. False: they are not ours. */
static bool
read_branch(struct pending *pending)
{
    static const struct {
        enum word      word;
        enum open_kind from;
        enum open_kind to;
    } moves[] = {
        {WORD_THEN, OPEN_IF,        OPEN_THEN     },
        {WORD_ELSE, OPEN_THEN,      OPEN_ELSE     },
        {WORD_THEN, OPEN_CASE,      OPEN_CASE_THEN},
        {WORD_WHEN, OPEN_CASE_THEN, OPEN_CASE     },
        {WORD_ELSE, OPEN_CASE_THEN, OPEN_CASE_ELSE},
    };
    struct open *open = pending_top(pending);

    for (size_t i = 0; open != NULL && i < ARRAY_COUNT(moves); i++) {
        if (open->kind == moves[i].from && lexer_is_word(pending->cursor->token, moves[i].word)) {
            open->kind = moves[i].to;
            pending->cursor->token++;
            return true;
        }
    }
    return false;
}

static bool
find_binary(const struct token *token, size_t *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(binaries); i++) {
        if (binaries[i].sign == NULL ? lexer_is_word(token, binaries[i].word)
                                     : lexer_is_sign(token, binaries[i].sign)) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* dataset#component */
static enum err
read_member(struct pending *pending)
{
    struct cursor *cursor = pending->cursor;
    struct node    node = {.kind = NODE_MEMBER};

    cursor->token++;
    node.place = cursor->token->place;
    TRY(cursor_need_name(cursor, "nazwa składowej", &node.text));
    pending_wrap(pending, node, pending->operand_count - 1);
    return ERR_OK;
}

/* What binds tighter than operators, behind a dataset. False: nothing of the kind. */
static bool
is_postfix(const struct pending *pending)
{
    const struct token *token = pending->cursor->token;

    return pending_scope(pending) == SCOPE_DATASET
           && (lexer_is_sign(token, "[") || lexer_is_sign(token, "#"));
}

static enum err
open_binary(struct pending *pending, size_t binary)
{
    pending_reduce(pending, binaries[binary].strength);
    TRY(pending_open(pending, (struct open){.kind = OPEN_BINARY,
                                            .node = binaries[binary].node,
                                            .strength = binaries[binary].strength}));
    pending->cursor->token++;
    return ERR_OK;
}

/* What is open on top, all operators closed, decides what the next token means. */
static enum err
step(struct pending *pending, bool *want)
{
    enum open_kind kind = pending_top(pending)->kind;

    if (kind == OPEN_CALL) {
        return call_step(pending, want);
    }
    if (kind == OPEN_CLAUSE || kind == OPEN_ASSIGN || kind == OPEN_HAVING) {
        return clause_step(pending, want);
    }
    if (kind == OPEN_JOIN || kind == OPEN_JOIN_BODY) {
        return joining_step(pending, want);
    }
    if (kind == OPEN_PAREN && cursor_take_sign(pending->cursor, ")")) {
        pending->open_count--;
        return ERR_OK;
    }
    *want = read_branch(pending);
    return *want ? ERR_OK : pending_refuse(pending);
}

/* Where an operator is due. *want: a value must follow; *done: the expression ends here. */
static enum err
read_operator(struct pending *pending, bool *want, bool *done)
{
    const struct token *token = pending->cursor->token;
    const struct open  *open = pending_top(pending);
    size_t              binary = 0;

    *want = false;
    if (open != NULL && open->kind == OPEN_JOIN_BODY) {
        return joining_step(pending, want);
    }
    if (is_postfix(pending)) {
        return lexer_is_sign(token, "[") ? clause_open(pending, want) : read_member(pending);
    }
    if (lexer_is_word(token, WORD_IN) || lexer_is_word(token, WORD_NOT_IN)) {
        return read_membership(pending);
    }
    if (find_binary(token, &binary)) {
        *want = true;
        return open_binary(pending, binary);
    }
    pending_reduce(pending, PENDING_STRENGTH_NONE);
    *done = pending->open_count == 0;
    return *done ? ERR_OK : step(pending, want);
}

enum err
expression_parse(struct cursor *cursor, enum scope scope, uint32_t *out)
{
    struct pending pending = {.cursor = cursor, .scope = scope};
    bool           want = true;
    bool           done = false;

    while (!done) {
        TRY(want ? read_value(&pending, &want) : read_operator(&pending, &want, &done));
    }
    ENSURE(pending.operand_count == 1);
    *out = pending.operands[0];
    return ERR_OK;
}
