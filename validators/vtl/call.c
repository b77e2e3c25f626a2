#include "validators/vtl/call.h"

#include "validators/vtl/clause.h"
#include "validators/vtl/joining.h"
#include "validators/vtl/list.h"

/* What follows an argument: a comma or parenthesis, another argument, or nothing any more. */
enum next { NEXT_SIGN, NEXT_ARGUMENT, NEXT_NONE };

typedef enum err tail_function(struct pending *pending, enum next *next);

/* The parenthesis that ends what has no further argument. */
static enum err
close_with(struct pending *pending, enum next *next)
{
    const struct open *open = pending_top(pending);
    char               after[64];

    (void)snprintf(after, sizeof after, "%.*s i jego argumentach", STR_ARG(open->token->text));
    TRY(cursor_need_sign(pending->cursor, ")", after));
    pending_close(pending, open->node, open->base);
    *next = NEXT_NONE;
    return ERR_OK;
}

static enum err
add_node(struct pending *pending, struct node node)
{
    return pending_operand(pending, cursor_add(pending->cursor, node, NULL, 0));
}

static enum err
tail_aggregate(struct pending *pending, enum next *next)
{
    bool having = false;

    if (pending_top(pending)->scope == SCOPE_DATASET) {
        TRY(clause_group(pending, &having));
    }
    *next = having ? NEXT_ARGUMENT : NEXT_SIGN;
    return ERR_OK;
}

static enum err
tail_exists_in(struct pending *pending, enum next *next)
{
    struct cursor *cursor = pending->cursor;
    struct open   *open = pending_top(pending);

    if (pending->operand_count - open->base < 2 || !cursor_take_sign(cursor, ",")) {
        return ERR_OK;
    }
    if (cursor_take_word(cursor, WORD_TRUE)) {
        open->option = NODE_RETAIN_TRUE;
    } else if (cursor_take_word(cursor, WORD_FALSE)) {
        open->option = NODE_RETAIN_FALSE;
    } else if (!cursor_take_word(cursor, WORD_ALL)) {
        return cursor_unexpected(cursor, "powinno tu stać: all, true albo false");
    }
    return close_with(pending, next);
}

static enum err
tail_timeshift(struct pending *pending, enum next *next)
{
    struct cursor *cursor = pending->cursor;
    uint32_t       shift = 0;

    TRY(cursor_need_sign(cursor, ",", "zbiorze danych w timeshift"));
    TRY(cursor_constant(cursor, &shift));
    const struct node *node = &cursor->script->nodes[shift];
    if (node->kind != NODE_INTEGER) {
        return problem_set(
            cursor->problem, node->place, cursor->fault,
            "przesunięcie w „timeshift” powinno być zapisaną wprost liczbą całkowitą");
    }
    TRY(pending_operand(pending, shift));
    return close_with(pending, next);
}

/* "errorcode X" or "errorlevel X", or its absence. */
static enum err
add_constant(struct pending *pending, enum word word)
{
    struct cursor *cursor = pending->cursor;
    struct node    omitted = {.kind = NODE_OMITTED, .place = cursor->token->place};
    uint32_t       constant = 0;

    if (!cursor_take_word(cursor, word)) {
        return add_node(pending, omitted);
    }
    TRY(cursor_constant(cursor, &constant));
    return pending_operand(pending, constant);
}

static enum vtl_output
read_output(struct cursor *cursor, enum vtl_output otherwise)
{
    if (cursor_take_word(cursor, WORD_INVALID)) {
        return VTL_OUTPUT_INVALID;
    }
    if (cursor_take_word(cursor, WORD_ALL)) {
        return VTL_OUTPUT_ALL;
    }
    return cursor_take_word(cursor, WORD_ALL_MEASURES) ? VTL_OUTPUT_ALL_MEASURES : otherwise;
}

static enum err
tail_check(struct pending *pending, enum next *next)
{
    struct cursor *cursor = pending->cursor;
    struct open   *open = pending_top(pending);

    if (pending->operand_count - open->base == 1) {
        TRY(add_constant(pending, WORD_ERRORCODE));
        TRY(add_constant(pending, WORD_ERRORLEVEL));
        if (cursor_take_word(cursor, WORD_IMBALANCE)) {
            *next = NEXT_ARGUMENT;
            return ERR_OK;
        }
    }
    if (lexer_is_word(cursor->token, WORD_ALL_MEASURES)) {
        return cursor_unexpected(cursor, "w „check” powinno tu stać: invalid albo all");
    }
    open->option = (uint8_t)read_output(cursor, VTL_OUTPUT_ALL);
    return close_with(pending, next);
}

/* ", ruleset" */
static enum err
add_ruleset(struct pending *pending)
{
    struct cursor *cursor = pending->cursor;
    struct node    node = {.kind = NODE_RULESET};

    TRY(cursor_need_sign(cursor, ",", "nazwie zbioru danych"));
    node.place = cursor->token->place;
    TRY(cursor_need_name(cursor, "nazwa zestawu reguł", &node.text));
    return add_node(pending, node);
}

/* Names behind "components" or "condition", if the word stands here. */
static enum err
add_names(struct pending *pending, enum word word)
{
    struct list list = {0};

    if (!cursor_take_word(pending->cursor, word)) {
        return ERR_OK;
    }
    TRY(list_names(pending->cursor, &list));
    for (size_t i = 0; i < list.count; i++) {
        TRY(pending_operand(pending, list.nodes[i]));
    }
    return ERR_OK;
}

static enum err
tail_check_datapoint(struct pending *pending, enum next *next)
{
    TRY(add_ruleset(pending));
    TRY(add_names(pending, WORD_COMPONENTS));
    pending_top(pending)->option = (uint8_t)read_output(pending->cursor, VTL_OUTPUT_INVALID);
    return close_with(pending, next);
}

/* The identifier that holds code items stands before the components of conditions. */
static enum err
add_rule_component(struct pending *pending, size_t at)
{
    struct cursor *cursor = pending->cursor;
    struct node    node = {.kind = NODE_OMITTED, .place = cursor->token->place};

    if (cursor_take_word(cursor, WORD_RULE)) {
        node = (struct node){.kind = NODE_NAME, .place = cursor->token->place};
        TRY(cursor_need_name(cursor, "nazwa identyfikatora z pozycjami", &node.text));
    }
    TRY(add_node(pending, node));
    uint32_t added = pending->operands[pending->operand_count - 1];
    for (size_t i = pending->operand_count - 1; i > at; i--) {
        pending->operands[i] = pending->operands[i - 1];
    }
    pending->operands[at] = added;
    return ERR_OK;
}

static uint8_t
read_mode(struct cursor *cursor)
{
    static const enum word words[] = {
        [NODE_MODE_NON_NULL] = WORD_NON_NULL,         [NODE_MODE_NON_ZERO] = WORD_NON_ZERO,
        [NODE_MODE_PARTIAL_NULL] = WORD_PARTIAL_NULL, [NODE_MODE_PARTIAL_ZERO] = WORD_PARTIAL_ZERO,
        [NODE_MODE_ALWAYS_NULL] = WORD_ALWAYS_NULL,   [NODE_MODE_ALWAYS_ZERO] = WORD_ALWAYS_ZERO,
    };

    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (cursor_take_word(cursor, words[i])) {
            return (uint8_t)i;
        }
    }
    return NODE_MODE_NON_NULL;
}

static enum err
tail_check_hierarchy(struct pending *pending, enum next *next)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);
    size_t             base = open->base;

    TRY(add_ruleset(pending));
    TRY(add_names(pending, WORD_CONDITION));
    TRY(add_rule_component(pending, base + 2));
    uint8_t mode = read_mode(cursor);
    bool    priority = cursor_take_word(cursor, WORD_DATASET_PRIORITY);
    if (!priority) {
        (void)cursor_take_word(cursor, WORD_DATASET); /* the default may be written */
    }
    pending_top(pending)->option = (uint8_t)read_output(cursor, VTL_OUTPUT_INVALID);
    TRY(close_with(pending, next));
    struct node *node = &cursor->script->nodes[pending->operands[base]];
    node->mode = mode;
    node->priority = priority;
    return ERR_OK;
}

enum { ARGUMENTS_MAX = VTL_OPERANDS_MAX };

static const struct {
    enum word      word;
    enum node_kind node;
    uint8_t        arguments_min;
    uint8_t        arguments_max;
    enum scope     scope; /* the narrowest where it may stand */
    tail_function *tail;  /* NULL: arguments only */
} calls[] = {
    {WORD_BETWEEN,         NODE_BETWEEN,         3, 3,             SCOPE_COMPONENT, NULL                },
    {WORD_ISNULL,          NODE_ISNULL,          1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_NVL,             NODE_NVL,             2, 2,             SCOPE_COMPONENT, NULL                },
    {WORD_ABS,             NODE_ABS,             1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_ROUND,           NODE_ROUND,           1, 2,             SCOPE_COMPONENT, NULL                },
    {WORD_TRUNC,           NODE_TRUNC,           1, 2,             SCOPE_COMPONENT, NULL                },
    {WORD_FLOOR,           NODE_FLOOR,           1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_CEIL,            NODE_CEIL,            1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_MOD,             NODE_MOD,             2, 2,             SCOPE_COMPONENT, NULL                },
    {WORD_SUBSTR,          NODE_SUBSTR,          1, 3,             SCOPE_COMPONENT, NULL                },
    {WORD_LENGTH,          NODE_LENGTH,          1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_UPPER,           NODE_UPPER,           1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_LOWER,           NODE_LOWER,           1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_TRIM,            NODE_TRIM,            1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_LTRIM,           NODE_LTRIM,           1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_RTRIM,           NODE_RTRIM,           1, 1,             SCOPE_COMPONENT, NULL                },
    {WORD_SUM,             NODE_SUM,             1, 1,             SCOPE_GROUP,     tail_aggregate      },
    {WORD_COUNT,           NODE_COUNT,           1, 1,             SCOPE_GROUP,     tail_aggregate      },
    {WORD_MIN,             NODE_MIN,             1, 1,             SCOPE_GROUP,     tail_aggregate      },
    {WORD_MAX,             NODE_MAX,             1, 1,             SCOPE_GROUP,     tail_aggregate      },
    {WORD_AVG,             NODE_AVG,             1, 1,             SCOPE_GROUP,     tail_aggregate      },
    {WORD_EXISTS_IN,       NODE_EXISTS_IN,       2, 2,             SCOPE_DATASET,   tail_exists_in      },
    {WORD_UNION,           NODE_UNION,           2, ARGUMENTS_MAX, SCOPE_DATASET,   NULL                },
    {WORD_INTERSECT,       NODE_INTERSECT,       2, ARGUMENTS_MAX, SCOPE_DATASET,   NULL                },
    {WORD_SETDIFF,         NODE_SETDIFF,         2, 2,             SCOPE_DATASET,   NULL                },
    {WORD_SYMDIFF,         NODE_SYMDIFF,         2, 2,             SCOPE_DATASET,   NULL                },
    {WORD_TIMESHIFT,       NODE_TIMESHIFT,       2, 2,             SCOPE_DATASET,   tail_timeshift      },
    {WORD_CHECK,           NODE_CHECK,           1, 1,             SCOPE_DATASET,   tail_check          },
    {WORD_CHECK_DATAPOINT, NODE_CHECK_DATAPOINT, 1, 1,             SCOPE_DATASET,   tail_check_datapoint},
    {WORD_CHECK_HIERARCHY, NODE_CHECK_HIERARCHY, 1, 1,             SCOPE_DATASET,   tail_check_hierarchy},
    {WORD_INNER_JOIN,      NODE_JOIN,            2, 2,             SCOPE_DATASET,   NULL                },
    {WORD_LEFT_JOIN,       NODE_JOIN,            2, 2,             SCOPE_DATASET,   NULL                },
    {WORD_FULL_JOIN,       NODE_JOIN,            2, 2,             SCOPE_DATASET,   NULL                },
};

/* The operator may not stand in an expression over components. */
static enum err
refuse_scope(struct cursor *cursor, enum scope scope)
{
    return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                       scope == SCOPE_GROUP
                           ? "„%.*s” liczy po grupach wierszy; wśród składowych może stać tylko "
                             "w „aggr” i po „having”, i nie w innej takiej funkcji"
                           : "operator „%.*s” działa na całych zbiorach danych; nie może stać "
                             "w wyrażeniu na składowych",
                       STR_ARG(cursor_shown(cursor)));
}

/* "count()": the rows of a group. */
static enum err
count_rows(struct pending *pending, bool *want)
{
    const struct open *open = pending_top(pending);
    struct node node = {.kind = NODE_COUNT, .place = open->token->place, .text = open->token->text};

    pending->open_count--;
    pending->cursor->token++;
    *want = false;
    return add_node(pending, node);
}

enum err
call_open(struct pending *pending, bool *want)
{
    struct cursor *cursor = pending->cursor;
    enum word      word = cursor->token->word;
    enum scope     scope = pending_scope(pending);
    size_t         i = 0;

    while (calls[i].word != word) {
        i++;
        ENSURE(i < ARRAY_COUNT(calls));
    }
    *want = true;
    if (calls[i].scope > scope) {
        return refuse_scope(cursor, calls[i].scope);
    }
    if (calls[i].node == NODE_JOIN) {
        return joining_open(pending);
    }
    TRY(pending_open(pending, (struct open){.kind = OPEN_CALL,
                                            .node = calls[i].node,
                                            .arguments_max = calls[i].arguments_max,
                                            .call = i}));
    cursor->token++;
    TRY(cursor_need_sign(cursor, "(", lexer_word_text(word)));
    if (scope == SCOPE_GROUP && calls[i].scope == SCOPE_GROUP) {
        pending_top(pending)->scope = SCOPE_COMPONENT;
        if (word == WORD_COUNT && lexer_is_sign(cursor->token, ")")) {
            return count_rows(pending, want);
        }
    }
    return ERR_OK;
}

static enum err
close_call(struct pending *pending)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);
    size_t             count = pending->operand_count - open->base;

    if (count < calls[open->call].arguments_min) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "funkcja „%.*s” ma za mało argumentów: %zu zamiast %u",
                           STR_ARG(open->token->text), count, calls[open->call].arguments_min);
    }
    pending_close(pending, open->node, open->base);
    cursor->token++;
    return ERR_OK;
}

static enum err
next_argument(struct pending *pending)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);

    if (pending->operand_count - open->base == open->arguments_max) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "funkcja „%.*s” ma za dużo argumentów: najwyżej %zu",
                           STR_ARG(open->token->text), open->arguments_max);
    }
    cursor->token++;
    return ERR_OK;
}

enum err
call_step(struct pending *pending, bool *want)
{
    tail_function *tail = calls[pending_top(pending)->call].tail;
    enum next      next = NEXT_SIGN;

    if (tail != NULL) {
        TRY(tail(pending, &next));
    }
    *want = next == NEXT_ARGUMENT;
    if (next != NEXT_SIGN) {
        return ERR_OK;
    }
    if (lexer_is_sign(pending->cursor->token, ")")) {
        return close_call(pending);
    }
    *want = lexer_is_sign(pending->cursor->token, ",");
    return *want ? next_argument(pending) : pending_refuse(pending);
}
