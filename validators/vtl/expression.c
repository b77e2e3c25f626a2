#include "validators/vtl/expression.h"

#include "validators/vtl/pending.h"

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

static const struct {
    enum word      word;
    enum node_kind node;
    uint8_t        arguments_min;
    uint8_t        arguments_max;
} calls[] = {
    {WORD_BETWEEN, NODE_BETWEEN, 3, 3},
    {WORD_ISNULL,  NODE_ISNULL,  1, 1},
    {WORD_NVL,     NODE_NVL,     2, 2},
    {WORD_ABS,     NODE_ABS,     1, 1},
    {WORD_ROUND,   NODE_ROUND,   1, 2},
    {WORD_TRUNC,   NODE_TRUNC,   1, 2},
    {WORD_FLOOR,   NODE_FLOOR,   1, 1},
    {WORD_CEIL,    NODE_CEIL,    1, 1},
    {WORD_MOD,     NODE_MOD,     2, 2},
    {WORD_SUBSTR,  NODE_SUBSTR,  1, 3},
    {WORD_LENGTH,  NODE_LENGTH,  1, 1},
    {WORD_UPPER,   NODE_UPPER,   1, 1},
    {WORD_LOWER,   NODE_LOWER,   1, 1},
    {WORD_TRIM,    NODE_TRIM,    1, 1},
    {WORD_LTRIM,   NODE_LTRIM,   1, 1},
    {WORD_RTRIM,   NODE_RTRIM,   1, 1},
};

static enum err
open_call(struct pending *pending)
{
    struct cursor *cursor = pending->cursor;
    enum word      word = cursor->token->word;
    size_t         i = 0;

    while (calls[i].word != word) {
        i++;
        ENSURE(i < ARRAY_COUNT(calls));
    }
    TRY(pending_open(pending, (struct open){.kind = OPEN_CALL,
                                            .node = calls[i].node,
                                            .arguments_max = calls[i].arguments_max}));
    cursor->token++;
    return cursor_need_sign(cursor, "(", lexer_word_text(word));
}

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
        cursor->token++;
        made = cursor_add(cursor, node, NULL, 0);
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
        return open_call(pending);
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

static enum err
close_call(struct pending *pending)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);
    size_t             count = pending->operand_count - open->base;
    size_t             i = 0;

    while (calls[i].node != open->node) {
        i++;
    }
    if (count < calls[i].arguments_min) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "funkcja „%.*s” ma za mało argumentów: %zu zamiast %u",
                           STR_ARG(open->token->text), count, calls[i].arguments_min);
    }
    pending_close(pending, open->node, open->base);
    return ERR_OK;
}

static enum err
read_close(struct pending *pending)
{
    const struct open *open = NULL;

    pending_reduce(pending, PENDING_STRENGTH_NONE);
    open = pending_top(pending);
    if (open->kind == OPEN_CALL) {
        TRY(close_call(pending));
    } else if (open->kind == OPEN_PAREN) {
        pending->open_count--;
    } else {
        return pending_refuse(pending);
    }
    pending->cursor->token++;
    return ERR_OK;
}

static enum err
read_comma(struct pending *pending)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = NULL;

    pending_reduce(pending, PENDING_STRENGTH_NONE);
    open = pending_top(pending);
    if (open->kind != OPEN_CALL) {
        return pending_refuse(pending);
    }
    if (pending->operand_count - open->base == open->arguments_max) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "funkcja „%.*s” ma za dużo argumentów: najwyżej %zu",
                           STR_ARG(open->token->text), open->arguments_max);
    }
    cursor->token++;
    return ERR_OK;
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

/* Where an operator is due. *want: a value must follow; *done: the expression ends here. */
static enum err
read_operator(struct pending *pending, bool *want, bool *done)
{
    struct cursor      *cursor = pending->cursor;
    const struct token *token = cursor->token;
    size_t              binary = 0;

    *want = false;
    if (lexer_is_word(token, WORD_IN) || lexer_is_word(token, WORD_NOT_IN)) {
        return read_membership(pending);
    }
    if (find_binary(token, &binary)) {
        *want = true;
        pending_reduce(pending, binaries[binary].strength);
        TRY(pending_open(pending, (struct open){.kind = OPEN_BINARY,
                                                .node = binaries[binary].node,
                                                .strength = binaries[binary].strength}));
        cursor->token++;
        return ERR_OK;
    }
    pending_reduce(pending, PENDING_STRENGTH_NONE);
    *done = pending->open_count == 0;
    if (*done) {
        return ERR_OK;
    }
    if (lexer_is_sign(token, ")")) {
        return read_close(pending);
    }
    *want = true;
    if (lexer_is_sign(token, ",")) {
        return read_comma(pending);
    }
    return read_branch(pending) ? ERR_OK : pending_refuse(pending);
}

enum err
expression_parse(struct cursor *cursor, uint32_t *out)
{
    struct pending pending = {.cursor = cursor};
    bool           want = true;
    bool           done = false;

    while (!done) {
        TRY(want ? read_value(&pending, &want) : read_operator(&pending, &want, &done));
    }
    ENSURE(pending.operand_count == 1);
    *out = pending.operands[0];
    return ERR_OK;
}
