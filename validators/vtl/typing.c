#include "validators/vtl/typing.h"

#include "validators/vtl/operand.h"

/* A null takes the type of what it stands beside; two are integers. */
static void
type_nulls(struct typing *typing, struct meaning *pair)
{
    for (size_t i = 0; i < 2; i++) {
        enum meaning_type other =
            pair[1 - i].type == MEANING_NULL ? MEANING_INTEGER : pair[1 - i].type;
        if (pair[i].type == MEANING_NULL) {
            pair[i] = (struct meaning){other, meaning_null(typing, other)};
        }
    }
}

/* The common type of two children (null joins any); they are then typed values. */
static enum err
unify(struct typing *typing, const struct node *node, size_t first, size_t second,
      struct meaning *pair)
{
    pair[0] = meaning_child(typing, node, first);
    pair[1] = meaning_child(typing, node, second);
    if (pair[0].type == MEANING_OMITTED || pair[1].type == MEANING_OMITTED) {
        return meaning_refuse(typing, node, pair[0].type == MEANING_OMITTED ? first : second,
                              MEANING_NUMBER);
    }
    if (pair[0].type == MEANING_STRING && pair[1].type == MEANING_PERIOD) {
        TRY(meaning_period(typing, node, first, &pair[0]));
    } else if (pair[1].type == MEANING_STRING && pair[0].type == MEANING_PERIOD) {
        TRY(meaning_period(typing, node, second, &pair[1]));
    }
    type_nulls(typing, pair);
    if (pair[0].type == pair[1].type
        || (meaning_is_number(pair[0].type) && meaning_is_number(pair[1].type))) {
        return ERR_OK;
    }
    return problem_set(typing->problem, meaning_place(typing, node, second), typing->fault,
                       "„%.*s” łączy wartości jednego typu, a tu są dwa: %s i %s",
                       STR_ARG(node->text), meaning_name(pair[0].type), meaning_name(pair[1].type));
}

/* The numeric type of a result: integer if both are. */
static enum meaning_type
joint_type(struct meaning a, struct meaning b)
{
    return meaning_is_number(a.type) && a.type != b.type ? MEANING_NUMBER : a.type;
}

static void
note_cap(struct typing *typing, const struct node *node)
{
    if (typing->code->capped && typing->notice_count < TYPING_NOTICES_MAX) {
        (void)problem_set(&typing->notices[typing->notice_count++], node->place, NULL,
                          "iloczyn miałby więcej niż %d miejsc po przecinku; jest zaokrąglany do "
                          "%d",
                          VTL_SCALE_MAX, VTL_SCALE_MAX);
    }
    typing->code->capped = false;
}

/* Both operands are numbers. */
static enum err
type_arithmetic(struct typing *typing, const struct node *node, struct meaning *out)
{
    static uint32_t (*const emits[])(struct code *, uint32_t, uint32_t) = {
        [NODE_ADD] = code_add,           [NODE_SUBTRACT] = code_subtract,
        [NODE_MULTIPLY] = code_multiply, [NODE_DIVIDE] = code_divide,
        [NODE_MOD] = code_mod,
    };
    uint32_t a = 0;
    uint32_t b = 0;

    TRY(meaning_need(typing, node, 0, MEANING_NUMBER, &a));
    TRY(meaning_need(typing, node, 1, MEANING_NUMBER, &b));
    bool integers = meaning_child(typing, node, 0).type != MEANING_NUMBER
                    && meaning_child(typing, node, 1).type != MEANING_NUMBER
                    && node->kind != NODE_DIVIDE;
    out->type = integers ? MEANING_INTEGER : MEANING_NUMBER;
    out->at = emits[node->kind](typing->code, a, b);
    note_cap(typing, node);
    return ERR_OK;
}

static enum err
type_sign(struct typing *typing, const struct node *node, struct meaning *out)
{
    uint32_t a = 0;

    TRY(meaning_need(typing, node, 0, MEANING_NUMBER, &a));
    out->type =
        meaning_child(typing, node, 0).type == MEANING_NUMBER ? MEANING_NUMBER : MEANING_INTEGER;
    out->at = node->kind == NODE_PLUS ? a
              : node->kind == NODE_ABS
                  ? code_abs(typing->code, a)
                  : code_subtract(typing->code, code_number(typing->code, 0, 0), a);
    return ERR_OK;
}

/* A whole number written out, with its sign: the digits of round and trunc. */
static bool
is_written_integer(const struct typing *typing, uint32_t at, int64_t *out)
{
    const struct node *node = &typing->script->nodes[at];
    bool               negative = node->kind == NODE_MINUS;

    if (negative || node->kind == NODE_PLUS) {
        node = &typing->script->nodes[typing->script->links[node->first]];
    }
    if (node->kind != NODE_INTEGER || !str_to_number(node->text, out)) {
        return false;
    }
    *out = negative ? -*out : *out;
    return true;
}

static enum err
type_round(struct typing *typing, const struct node *node, struct meaning *out)
{
    enum plan_op op = node->kind == NODE_ROUND ? PLAN_WIDE_ROUND : PLAN_WIDE_TRUNC;
    uint32_t     a = 0;
    int64_t      digits = 0;

    TRY(meaning_need(typing, node, 0, MEANING_NUMBER, &a));
    out->type = node->count == 2 ? MEANING_NUMBER : MEANING_INTEGER;
    if (node->count == 2 && meaning_child(typing, node, 1).type == MEANING_OMITTED) {
        out->type = MEANING_INTEGER;
    } else if (node->count == 2
               && (!is_written_integer(typing, typing->script->links[node->first + 1], &digits)
                   || digits < -VTL_SCALE_MAX || digits > VTL_SCALE_MAX)) {
        return problem_set(typing->problem, meaning_place(typing, node, 1), typing->fault,
                           "liczba miejsc w „%.*s” powinna być zapisaną wprost liczbą całkowitą "
                           "od -%d do %d",
                           STR_ARG(node->text), VTL_SCALE_MAX, VTL_SCALE_MAX);
    }
    out->at = code_round(typing->code, op, a, (int)digits);
    return ERR_OK;
}

static enum err
type_floor(struct typing *typing, const struct node *node, struct meaning *out)
{
    uint32_t a = 0;

    TRY(meaning_need(typing, node, 0, MEANING_NUMBER, &a));
    out->type = MEANING_INTEGER;
    out->at =
        code_round(typing->code, node->kind == NODE_FLOOR ? PLAN_WIDE_FLOOR : PLAN_WIDE_CEIL, a, 0);
    return ERR_OK;
}

static uint32_t
emit_not(struct typing *typing, uint32_t a)
{
    return code_truth(typing->code, PLAN_NOT, a, PLAN_NONE);
}

/* a = b or a < b, by type. */
static uint32_t
emit_comparison(struct typing *typing, bool less, struct meaning a, struct meaning b)
{
    if (less && a.type == MEANING_PERIOD) {
        return code_truth(typing->code, PLAN_PERIOD_LESS, a.at, b.at);
    }
    if (meaning_in_numbers(a.type)) {
        return code_compare(typing->code, less ? PLAN_LESS : PLAN_EQUAL, a.at, b.at);
    }
    if (a.type == MEANING_STRING) {
        return code_truth(typing->code, less ? PLAN_TEXT_LESS : PLAN_TEXT_EQUAL, a.at, b.at);
    }
    return code_truth(typing->code, PLAN_TRUTH_EQUAL, a.at, b.at);
}

/* a <> b or not a < b, by type; of numbers the latter is one operation. */
static uint32_t
emit_contrary(struct typing *typing, bool less, struct meaning a, struct meaning b)
{
    if (less && a.type != MEANING_PERIOD && meaning_in_numbers(a.type)) {
        return code_compare(typing->code, PLAN_NOT_LESS, a.at, b.at);
    }
    return emit_not(typing, emit_comparison(typing, less, a, b));
}

static enum err
type_comparison(struct typing *typing, const struct node *node, struct meaning *out)
{
    bool           equality = node->kind == NODE_EQUAL || node->kind == NODE_UNEQUAL;
    struct meaning pair[2];

    TRY(unify(typing, node, 0, 1, pair));
    if (!equality && pair[0].type == MEANING_BOOLEAN) {
        return problem_set(typing->problem, node->place, typing->fault,
                           "wartości logiczne można porównać tylko przez „=” i „<>”, a stoi „%.*s”",
                           STR_ARG(node->text));
    }
    /* a > b is b < a; a <= b is not b < a. */
    bool swapped = node->kind == NODE_GREATER || node->kind == NODE_LESS_EQUAL;
    bool contrary = node->kind == NODE_UNEQUAL || node->kind == NODE_LESS_EQUAL
                    || node->kind == NODE_GREATER_EQUAL;
    struct meaning a = pair[swapped ? 1 : 0];
    struct meaning b = pair[swapped ? 0 : 1];
    out->type = MEANING_BOOLEAN;
    out->at = contrary ? emit_contrary(typing, !equality, a, b)
                       : emit_comparison(typing, !equality, a, b);
    return ERR_OK;
}

/* between(x, a, b) is x >= a and x <= b. */
static enum err
type_between(struct typing *typing, const struct node *node, struct meaning *out)
{
    struct meaning low[2];
    struct meaning high[2];

    TRY(unify(typing, node, 0, 1, low));
    TRY(unify(typing, node, 0, 2, high));
    if (low[0].type == MEANING_BOOLEAN || high[0].type == MEANING_BOOLEAN
        || meaning_is_number(low[0].type) != meaning_is_number(high[0].type)
        || (low[0].type == MEANING_PERIOD) != (high[0].type == MEANING_PERIOD)) {
        return problem_set(typing->problem, node->place, typing->fault,
                           "„between” porównuje liczby z liczbami albo napisy z napisami");
    }
    uint32_t from = emit_contrary(typing, true, low[0], low[1]);
    uint32_t to = emit_contrary(typing, true, high[1], high[0]);
    out->type = MEANING_BOOLEAN;
    out->at = code_truth(typing->code, PLAN_AND, from, to);
    return ERR_OK;
}

static enum err
type_logic(struct typing *typing, const struct node *node, struct meaning *out)
{
    enum plan_op op = node->kind == NODE_AND  ? PLAN_AND
                      : node->kind == NODE_OR ? PLAN_OR
                                              : PLAN_XOR;
    uint32_t     a = 0;
    uint32_t     b = PLAN_NONE;

    TRY(meaning_need(typing, node, 0, MEANING_BOOLEAN, &a));
    if (node->kind == NODE_NOT) {
        op = PLAN_NOT;
    } else {
        TRY(meaning_need(typing, node, 1, MEANING_BOOLEAN, &b));
    }
    *out = (struct meaning){MEANING_BOOLEAN, code_truth(typing->code, op, a, b)};
    return ERR_OK;
}

static uint32_t
emit_select(struct typing *typing, uint32_t condition, struct meaning a, struct meaning b)
{
    if (meaning_in_numbers(a.type)) {
        return code_select(typing->code, condition, a.at, b.at);
    }
    return code_other(typing->code, a.type == MEANING_STRING ? PLAN_TEXT_SELECT : PLAN_TRUTH_SELECT,
                      a.at, b.at, condition);
}

/* if and case: from the else at the end forward, each branch before what has been made so far. */
static enum err
type_branches(struct typing *typing, const struct node *node, struct meaning *out)
{
    uint32_t       last = typing->script->links[node->first + node->count - 1];
    struct meaning otherwise = typing->meanings[last];
    struct meaning kept = otherwise;

    for (size_t i = node->count - 1; i >= 2; i -= 2) {
        struct meaning pair[2];
        uint32_t       condition = 0;
        TRY(meaning_need(typing, node, i - 2, MEANING_BOOLEAN, &condition));
        typing->meanings[last] = otherwise;
        TRY(unify(typing, node, i - 1, node->count - 1, pair));
        otherwise = (struct meaning){joint_type(pair[0], pair[1]),
                                     emit_select(typing, condition, pair[0], pair[1])};
    }
    typing->meanings[last] = kept;
    *out = otherwise;
    return ERR_OK;
}

static enum err
type_nvl(struct typing *typing, const struct node *node, struct meaning *out)
{
    struct meaning pair[2];

    TRY(unify(typing, node, 0, 1, pair));
    out->type = joint_type(pair[0], pair[1]);
    out->at = meaning_in_numbers(pair[0].type)
                  ? code_nvl(typing->code, pair[0].at, pair[1].at)
                  : code_truth(typing->code,
                               pair[0].type == MEANING_STRING ? PLAN_TEXT_NVL : PLAN_TRUTH_NVL,
                               pair[0].at, pair[1].at);
    return ERR_OK;
}

static enum err
type_isnull(struct typing *typing, const struct node *node, struct meaning *out)
{
    struct meaning a = meaning_child(typing, node, 0);

    if (a.type == MEANING_NULL) {
        a = (struct meaning){MEANING_INTEGER, meaning_null(typing, MEANING_INTEGER)};
    } else if (a.type == MEANING_OMITTED) {
        return meaning_refuse(typing, node, 0, MEANING_NUMBER);
    }
    enum plan_op op = meaning_in_numbers(a.type) ? PLAN_ISNULL
                      : a.type == MEANING_STRING ? PLAN_TEXT_ISNULL
                                                 : PLAN_TRUTH_ISNULL;
    *out = (struct meaning){MEANING_BOOLEAN, code_truth(typing->code, op, a.at, PLAN_NONE)};
    return ERR_OK;
}

typedef enum err type_function(struct typing *, const struct node *, struct meaning *);

static type_function *const functions[] = {
    [NODE_NULL] = operand_constant,
    [NODE_TRUE] = operand_constant,
    [NODE_FALSE] = operand_constant,
    [NODE_INTEGER] = operand_constant,
    [NODE_NUMBER] = operand_constant,
    [NODE_STRING] = operand_constant,
    [NODE_NAME] = operand_variable,
    [NODE_OMITTED] = operand_constant,
    [NODE_PLUS] = type_sign,
    [NODE_MINUS] = type_sign,
    [NODE_NOT] = type_logic,
    [NODE_MULTIPLY] = type_arithmetic,
    [NODE_DIVIDE] = type_arithmetic,
    [NODE_ADD] = type_arithmetic,
    [NODE_SUBTRACT] = type_arithmetic,
    [NODE_CONCAT] = operand_string,
    [NODE_EQUAL] = type_comparison,
    [NODE_UNEQUAL] = type_comparison,
    [NODE_LESS] = type_comparison,
    [NODE_LESS_EQUAL] = type_comparison,
    [NODE_GREATER] = type_comparison,
    [NODE_GREATER_EQUAL] = type_comparison,
    [NODE_AND] = type_logic,
    [NODE_OR] = type_logic,
    [NODE_XOR] = type_logic,
    [NODE_IN_SET] = operand_membership,
    [NODE_NOT_IN_SET] = operand_membership,
    [NODE_IN_DOMAIN] = operand_membership,
    [NODE_NOT_IN_DOMAIN] = operand_membership,
    [NODE_IF] = type_branches,
    [NODE_CASE] = type_branches,
    [NODE_BETWEEN] = type_between,
    [NODE_ISNULL] = type_isnull,
    [NODE_NVL] = type_nvl,
    [NODE_ABS] = type_sign,
    [NODE_ROUND] = type_round,
    [NODE_TRUNC] = type_round,
    [NODE_FLOOR] = type_floor,
    [NODE_CEIL] = type_floor,
    [NODE_MOD] = type_arithmetic,
    [NODE_SUBSTR] = operand_string,
    [NODE_LENGTH] = operand_string,
    [NODE_UPPER] = operand_string,
    [NODE_LOWER] = operand_string,
    [NODE_TRIM] = operand_string,
    [NODE_LTRIM] = operand_string,
    [NODE_RTRIM] = operand_string,
    [NODE_QUALIFIED] = operand_variable,
    [NODE_ALIAS] = operand_constant,
};

enum err
typing_node(struct typing *typing, uint32_t node)
{
    const struct node *it = &typing->script->nodes[node];

    ENSURE((size_t)it->kind < ARRAY_COUNT(functions) && functions[it->kind] != NULL);
    return functions[it->kind](typing, it, &typing->meanings[node]);
}
