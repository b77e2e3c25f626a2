#include "validators/vtl/clause.h"

#include "validators/vtl/list.h"

/* Clauses, and their order in a join (0: not in a join). */
static const struct {
    enum word      word;
    enum node_kind node;
    uint8_t        order;
} clauses[] = {
    {WORD_FILTER, NODE_FILTER, 1},
    {WORD_CALC,   NODE_CALC,   2},
    {WORD_AGGR,   NODE_AGGR,   2},
    {WORD_KEEP,   NODE_KEEP,   3},
    {WORD_DROP,   NODE_DROP,   3},
    {WORD_RENAME, NODE_RENAME, 4},
    {WORD_SUB,    NODE_SUB,    0},
};

/* What follows a name in rename and sub. */
static enum err
read_value(struct cursor *cursor, enum node_kind clause, struct list *children)
{
    struct node name = {.kind = NODE_NAME};
    uint32_t    constant = 0;

    if (clause == NODE_RENAME) {
        TRY(cursor_need_word(cursor, WORD_TO, "nazwie składowej w rename"));
        name.place = cursor->token->place;
        TRY(cursor_need_name(cursor, "nowa nazwa składowej", &name.text));
        return list_add(cursor, children, cursor_add(cursor, name, NULL, 0));
    }
    if (clause == NODE_SUB) {
        TRY(cursor_need_sign(cursor, "=", "nazwie identyfikatora w sub"));
        TRY(cursor_constant(cursor, &constant));
        return list_add(cursor, children, constant);
    }
    return ERR_OK;
}

/* keep, drop, rename and sub hold no expressions: they are read whole. */
static enum err
read_list(struct pending *pending, enum node_kind kind)
{
    struct cursor *cursor = pending->cursor;
    uint32_t      *operand = &pending->operands[pending->operand_count - 1];
    struct list    children = {.nodes = {*operand}, .count = 1};
    struct node node = {.kind = kind, .place = cursor->token->place, .text = cursor->token->text};

    cursor->token++;
    do {
        TRY(list_name(cursor, &children));
        TRY(read_value(cursor, kind, &children));
    } while (cursor_take_sign(cursor, ","));
    *operand = cursor_add(cursor, node, children.nodes, children.count);
    return ERR_OK;
}

static uint8_t
read_role(struct cursor *cursor)
{
    if (cursor_take_word(cursor, WORD_IDENTIFIER)) {
        return NODE_ROLE_IDENTIFIER;
    }
    if (cursor_take_word(cursor, WORD_MEASURE)) {
        return NODE_ROLE_MEASURE;
    }
    return cursor_take_word(cursor, WORD_ATTRIBUTE) ? NODE_ROLE_ATTRIBUTE : NODE_ROLE_NONE;
}

/* "measure name :=". */
static enum err
read_assign(struct pending *pending)
{
    struct cursor *cursor = pending->cursor;
    struct open    open = {.kind = OPEN_ASSIGN, .node = NODE_ASSIGN, .option = read_role(cursor)};
    struct str     name = {0};

    if (lexer_is_word(cursor->token, WORD_VIRAL)) {
        return cursor_unexpected(cursor, "");
    }
    TRY(pending_open(pending, open));
    TRY(cursor_need_name(cursor, "nazwa składowej wyniku", &name));
    pending_top(pending)->name = name;
    return cursor_need_sign(cursor, ":=", "nazwie składowej wyniku");
}

static size_t
find_clause(const struct token *token)
{
    size_t i = 0;

    while (i < ARRAY_COUNT(clauses) && !lexer_is_word(token, clauses[i].word)) {
        i++;
    }
    return i;
}

uint8_t
clause_order(const struct token *token)
{
    size_t clause = find_clause(token);

    return clause == ARRAY_COUNT(clauses) ? 0 : clauses[clause].order;
}

enum err
clause_read(struct pending *pending, bool in_join, bool *want)
{
    struct cursor *cursor = pending->cursor;
    enum node_kind kind = clauses[find_clause(cursor->token)].node;
    struct open    open = {.kind = OPEN_CLAUSE, .node = kind, .in_join = in_join};

    *want = kind == NODE_FILTER || kind == NODE_CALC || kind == NODE_AGGR;
    if (!*want) {
        TRY(read_list(pending, kind));
        return in_join ? ERR_OK : cursor_need_sign(cursor, "]", "klauzuli");
    }
    TRY(pending_open(pending, open));
    pending_top(pending)->base--; /* the dataset is its own */
    pending_top(pending)->scope = kind == NODE_AGGR ? SCOPE_GROUP : SCOPE_COMPONENT;
    cursor->token++;
    return kind == NODE_FILTER ? ERR_OK : read_assign(pending);
}

enum err
clause_open(struct pending *pending, bool *want)
{
    struct cursor *cursor = pending->cursor;

    cursor->token++;
    if (find_clause(cursor->token) == ARRAY_COUNT(clauses)) {
        return cursor_unexpected(cursor, "powinna tu stać klauzula (filter, calc, aggr, keep, "
                                         "drop, rename albo sub)");
    }
    return clause_read(pending, false, want);
}

static enum err
close_clause(struct pending *pending)
{
    const struct open *open = pending_top(pending);
    bool               in_join = open->in_join;

    if (!in_join && !lexer_is_sign(pending->cursor->token, "]")) {
        return pending_refuse(pending);
    }
    pending->cursor->token += in_join ? 0 : 1;
    pending_close(pending, open->node, open->base);
    return ERR_OK;
}

/* "name := expression" is complete. */
static enum err
close_assign(struct pending *pending)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);
    uint32_t           value = pending->operands[open->base];
    const struct node *node = &cursor->script->nodes[value];

    if (open->scope == SCOPE_GROUP && (node->kind < NODE_SUM || node->kind > NODE_AVG)) {
        return problem_set(cursor->problem, node->place, cursor->fault,
                           "w „aggr” po „:=” powinna stać sama funkcja agregująca: sum, count, "
                           "min, max albo avg");
    }
    pending_wrap(pending,
                 (struct node){.kind = NODE_ASSIGN,
                               .option = open->option,
                               .place = open->token->place,
                               .text = open->name},
                 open->base);
    pending->open_count--;
    return ERR_OK;
}

static enum err
step_having(struct pending *pending)
{
    struct open *open = pending_top(pending);

    pending_close(pending, NODE_HAVING, open->base);
    open = pending_top(pending);
    if (open->kind == OPEN_CLAUSE) {
        return close_clause(pending);
    }
    if (!lexer_is_sign(pending->cursor->token, ")")) {
        return pending_refuse(pending);
    }
    pending->cursor->token++;
    pending_close(pending, open->node, open->base);
    return ERR_OK;
}

enum err
clause_step(struct pending *pending, bool *want)
{
    const struct open *open = pending_top(pending);

    *want = false;
    if (open->kind == OPEN_HAVING) {
        return step_having(pending);
    }
    if (open->kind == OPEN_CLAUSE) {
        return close_clause(pending);
    }
    TRY(close_assign(pending));
    if (cursor_take_sign(pending->cursor, ",")) {
        *want = true;
        return read_assign(pending);
    }
    if (pending_top(pending)->node == NODE_AGGR) {
        TRY(clause_group(pending, want));
    }
    return *want ? ERR_OK : close_clause(pending);
}

enum err
clause_group(struct pending *pending, bool *want)
{
    struct cursor *cursor = pending->cursor;
    struct list    children = {0};
    struct node    node = {.kind = NODE_GROUP, .place = cursor->token->place, .text = STR("group")};

    if (lexer_is_word(cursor->token, WORD_HAVING)) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "„having” stoi bez grupowania; przed nim powinno stać „group by” albo "
                           "„group except”");
    }
    if (!cursor_take_word(cursor, WORD_GROUP)) {
        return ERR_OK;
    }
    if (lexer_is_word(cursor->token, WORD_ALL)) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "„group all” nie należy do podzbioru VTL przyjętego przez bramę");
    }
    node.option = cursor_take_word(cursor, WORD_EXCEPT) ? 1 : 0;
    if (node.option == 0) {
        TRY(cursor_need_word(cursor, WORD_BY, "group"));
    }
    TRY(list_names(cursor, &children));
    TRY(pending_operand(pending, cursor_add(cursor, node, children.nodes, children.count)));
    *want = lexer_is_word(cursor->token, WORD_HAVING);
    if (*want) {
        TRY(pending_open(pending, (struct open){.kind = OPEN_HAVING, .node = NODE_HAVING}));
        pending_top(pending)->scope = SCOPE_GROUP;
        cursor->token++;
    }
    return ERR_OK;
}
