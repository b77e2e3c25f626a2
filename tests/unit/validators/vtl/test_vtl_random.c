#include "validators/vtl/vtl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * The engine against a second one, written for this test alone: row by row, no columns, no masks,
 * no merging, each value with its own scale. Random expressions over random rows, seeded.
 */
enum { EXPRESSIONS = 3000, ROWS = 6, NODES = 24, COMPONENTS = 8, DIGITS_MAX = 33 };

enum sort { SORT_NUMBER, SORT_STRING, SORT_TRUTH, SORTS };

enum state { STATE_NULL, STATE_VALUE, STATE_ERROR };

struct value {
    enum state  state;
    amount_wide number; /* of SORT_NUMBER, at its node's scale; of SORT_TRUTH: 0 or 1 */
    struct str  text;
};

struct node {
    const char  *format; /* with # for each child */
    enum sort    sort;
    int          operation;
    int          children[3];
    int          scale;
    int          digits; /* it has at most so many */
    struct str   text;
    struct value value; /* in the row at hand */
    uint64_t     reads; /* components */
};

struct world {
    struct arena *arena;
    uint64_t      random;
    struct node   nodes[NODES + 1];
    int           count;
    int64_t       numbers[COMPONENTS][ROWS];
    uint32_t      ids[COMPONENTS][ROWS];
    uint8_t       states[COMPONENTS][ROWS];
};

static const char *const   names[COMPONENTS] = {"A", "B", "C", "K", "S", "V", "T", "W"};
static const enum vtl_type types[COMPONENTS] = {VTL_NUMBER, VTL_NUMBER, VTL_NUMBER,  VTL_INTEGER,
                                                VTL_STRING, VTL_STRING, VTL_BOOLEAN, VTL_BOOLEAN};
static const int           scales[COMPONENTS] = {2, 2, 4, 0, 0, 0, 0, 0};
static const struct str    texts[] = {
       {0 },
       { "a", 1},
       { "ab", 2},
       { "B", 1},
       { "ż", 2},
       { " b ", 3}
};

enum operation {
    OP_LEAF,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_MOD,
    OP_MINUS,
    OP_ABS,
    OP_ROUND1,
    OP_TRUNC0,
    OP_FLOOR,
    OP_CEIL,
    OP_NVL_N,
    OP_IF_N,
    OP_LENGTH,
    OP_UPPER,
    OP_TRIM,
    OP_CONCAT,
    OP_SUBSTR,
    OP_NVL_S,
    OP_IF_S,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_GE,
    OP_BETWEEN,
    OP_EQ_S,
    OP_GT_S,
    OP_IN_S,
    OP_IN_N,
    OP_ISNULL_N,
    OP_ISNULL_S,
    OP_ISNULL_T,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_NOT,
    OP_NVL_T,
    OP_IF_T,
    OP_EQ_T,
    OPERATIONS,
};

static const struct {
    const char *format;
    enum sort   sort;
    int         count;
    enum sort   children[3];
} shapes[OPERATIONS] = {
    [OP_ADD] = {"(# + #)",                      SORT_NUMBER, 2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_SUBTRACT] = {"(# - #)",                      SORT_NUMBER, 2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_MULTIPLY] = {"(# * #)",                      SORT_NUMBER, 2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_DIVIDE] = {"(# / #)",                      SORT_NUMBER, 2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_MOD] = {"mod(#, #)",                    SORT_NUMBER, 2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_MINUS] = {"(- #)",                        SORT_NUMBER, 1, {SORT_NUMBER}                          },
    [OP_ABS] = {"abs(#)",                       SORT_NUMBER, 1, {SORT_NUMBER}                          },
    [OP_ROUND1] = {"round(#, 1)",                  SORT_NUMBER, 1, {SORT_NUMBER}                          },
    [OP_TRUNC0] = {"trunc(#)",                     SORT_NUMBER, 1, {SORT_NUMBER}                          },
    [OP_FLOOR] = {"floor(#)",                     SORT_NUMBER, 1, {SORT_NUMBER}                          },
    [OP_CEIL] = {"ceil(#)",                      SORT_NUMBER, 1, {SORT_NUMBER}                          },
    [OP_NVL_N] = {"nvl(#, #)",                    SORT_NUMBER, 2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_IF_N] = {"(if # then # else #)",         SORT_NUMBER, 3, {SORT_TRUTH, SORT_NUMBER, SORT_NUMBER} },
    [OP_LENGTH] = {"length(#)",                    SORT_NUMBER, 1, {SORT_STRING}                          },
    [OP_UPPER] = {"upper(#)",                     SORT_STRING, 1, {SORT_STRING}                          },
    [OP_TRIM] = {"trim(#)",                      SORT_STRING, 1, {SORT_STRING}                          },
    [OP_CONCAT] = {"(# || #)",                     SORT_STRING, 2, {SORT_STRING, SORT_STRING}             },
    [OP_SUBSTR] = {"substr(#, 2, 1)",              SORT_STRING, 1, {SORT_STRING}                          },
    [OP_NVL_S] = {"nvl(#, #)",                    SORT_STRING, 2, {SORT_STRING, SORT_STRING}             },
    [OP_IF_S] = {"(case when # then # else #)",
                SORT_STRING,                                 3,
                {SORT_TRUTH, SORT_STRING, SORT_STRING}                                                 },
    [OP_EQ] = {"(# = #)",                      SORT_TRUTH,  2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_NE] = {"(# <> #)",                     SORT_TRUTH,  2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_LT] = {"(# < #)",                      SORT_TRUTH,  2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_GE] = {"(# >= #)",                     SORT_TRUTH,  2, {SORT_NUMBER, SORT_NUMBER}             },
    [OP_BETWEEN] = {"between(#, #, #)",             SORT_TRUTH,  3, {SORT_NUMBER, SORT_NUMBER, SORT_NUMBER}},
    [OP_EQ_S] = {"(# = #)",                      SORT_TRUTH,  2, {SORT_STRING, SORT_STRING}             },
    [OP_GT_S] = {"(# > #)",                      SORT_TRUTH,  2, {SORT_STRING, SORT_STRING}             },
    [OP_IN_S] = {"(# in {\"b\", \"ab\", \"\"})", SORT_TRUTH,  1, {SORT_STRING}                          },
    [OP_IN_N] = {"(# in {1, -0.5})",             SORT_TRUTH,  1, {SORT_NUMBER}                          },
    [OP_ISNULL_N] = {"isnull(#)",                    SORT_TRUTH,  1, {SORT_NUMBER}                          },
    [OP_ISNULL_S] = {"isnull(#)",                    SORT_TRUTH,  1, {SORT_STRING}                          },
    [OP_ISNULL_T] = {"isnull(#)",                    SORT_TRUTH,  1, {SORT_TRUTH}                           },
    [OP_AND] = {"(# and #)",                    SORT_TRUTH,  2, {SORT_TRUTH, SORT_TRUTH}               },
    [OP_OR] = {"(# or #)",                     SORT_TRUTH,  2, {SORT_TRUTH, SORT_TRUTH}               },
    [OP_XOR] = {"(# xor #)",                    SORT_TRUTH,  2, {SORT_TRUTH, SORT_TRUTH}               },
    [OP_NOT] = {"(not #)",                      SORT_TRUTH,  1, {SORT_TRUTH}                           },
    [OP_NVL_T] = {"nvl(#, #)",                    SORT_TRUTH,  2, {SORT_TRUTH, SORT_TRUTH}               },
    [OP_IF_T] = {"(if # then # else #)",         SORT_TRUTH,  3, {SORT_TRUTH, SORT_TRUTH, SORT_TRUTH}   },
    [OP_EQ_T] = {"(# = #)",                      SORT_TRUTH,  2, {SORT_TRUTH, SORT_TRUTH}               },
};

static uint64_t
draw(struct world *world, uint64_t below)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return (world->random >> 11) % below;
}

static amount_wide
power(int exponent)
{
    amount_wide out = 1;

    while (exponent-- > 0) {
        out *= 10;
    }
    return out;
}

static int
larger(int a, int b)
{
    return a > b ? a : b;
}

/* A leaf: mostly a component, now and then a constant. */
static void
add_leaf(struct world *world)
{
    static const struct {
        const char *text;
        enum sort   sort;
        int         scale;
        int64_t     number;
    } constants[] = {
        {"0",      SORT_NUMBER, 0, 0},
        {"1",      SORT_NUMBER, 0, 1},
        {"0.05",   SORT_NUMBER, 2, 5},
        {"\"ab\"", SORT_STRING, 0, 0},
        {"true",   SORT_TRUTH,  0, 1},
        {"false",  SORT_TRUTH,  0, 0}
    };
    struct node *node = &world->nodes[world->count++];
    size_t       at = draw(world, COMPONENTS + 3);

    *node = (struct node){.operation = OP_LEAF, .children = {(int)at}};
    if (at < COMPONENTS) {
        node->text = str_of(names[at]);
        node->sort = types[at] == VTL_STRING    ? SORT_STRING
                     : types[at] == VTL_BOOLEAN ? SORT_TRUTH
                                                : SORT_NUMBER;
        node->scale = scales[at];
        node->digits = 7;
        node->reads = UINT64_C(1) << at;
        return;
    }
    at = draw(world, ARRAY_COUNT(constants));
    node->children[0] = -1;
    node->text = str_of(constants[at].text);
    node->sort = constants[at].sort;
    node->scale = constants[at].scale;
    node->digits = 3;
    node->value = (struct value){STATE_VALUE, constants[at].number, STR("ab")};
}

/* Any earlier node of a sort; -1 if there is none. */
static int
choose(struct world *world, enum sort sort)
{
    int start = (int)draw(world, (uint64_t)world->count);

    for (int i = 0; i < world->count; i++) {
        int at = (start + i) % world->count;
        if (world->nodes[at].sort == sort) {
            return at;
        }
    }
    return -1;
}

/* Scale and digits that the result of an operation on numbers has (limits.h: scale <= 18). */
static bool
size_node(struct node *node, const struct node *a, const struct node *b)
{
    int scale = larger(a->scale, b->scale);
    int whole = larger(a->digits - a->scale, b->digits - b->scale);

    switch (node->operation) {
    case OP_MULTIPLY:
        node->scale = a->scale + b->scale;
        node->digits = a->digits + b->digits;
        break;
    case OP_DIVIDE:
        node->scale = larger(12, scale);
        node->digits = a->digits + node->scale + b->scale + 1;
        break;
    case OP_ROUND1:
        node->scale = a->scale < 1 ? a->scale : 1;
        node->digits = a->digits + 1;
        break;
    case OP_TRUNC0:
    case OP_FLOOR:
    case OP_CEIL:
    case OP_LENGTH:
        node->scale = 0;
        node->digits = a->digits + 3;
        break;
    default:
        node->scale = scale;
        node->digits = whole + scale + 1;
        break;
    }
    return node->scale <= 18 && node->digits <= DIGITS_MAX && whole + scale <= DIGITS_MAX;
}

static void
add_node(struct world *world, enum operation operation)
{
    struct node        node = {.format = shapes[operation].format,
                               .sort = shapes[operation].sort,
                               .operation = (int)operation};
    const struct node *child[3] = {NULL};
    int                count = shapes[operation].count;

    for (int i = 0; i < count; i++) {
        node.children[i] = choose(world, shapes[operation].children[i]);
        if (node.children[i] < 0) {
            return;
        }
        child[i] = &world->nodes[node.children[i]];
        node.reads |= child[i]->reads;
    }
    const struct node *a = operation == OP_IF_N ? child[1] : child[0];
    const struct node *b = operation == OP_IF_N ? child[2] : count > 1 ? child[1] : child[0];
    if ((node.sort == SORT_NUMBER || (operation >= OP_EQ && operation <= OP_BETWEEN))
        && !size_node(&node, a, b)) {
        return;
    }
    if (operation == OP_BETWEEN && child[2]->digits + child[0]->scale > DIGITS_MAX) {
        return;
    }
    struct str rest = str_of(node.format);
    struct str piece;
    node.text = STR("");
    for (int i = 0; str_cut(&rest, '#', &piece); i++) {
        node.text = str_format(world->arena, "%.*s%.*s%.*s", STR_ARG(node.text), STR_ARG(piece),
                               STR_ARG(i < count ? child[i]->text : STR("")));
    }
    if (node.text.size < 2000) {
        world->nodes[world->count++] = node;
    }
}

static amount_wide
at_scale(const struct node *node, int scale)
{
    return node->value.number * power(scale - node->scale);
}

static amount_wide
floor_divide(amount_wide a, amount_wide b)
{
    amount_wide quotient = a / b;

    return quotient - (quotient * b != a && (a < 0) != (b < 0) ? 1 : 0);
}

/* Half away from zero, by doubling. */
static amount_wide
half_away(amount_wide a, amount_wide b)
{
    amount_wide above = a < 0 ? -a : a;
    amount_wide below = b < 0 ? -b : b;
    amount_wide rounded = (2 * above + below) / (2 * below);

    return (a < 0) == (b < 0) ? rounded : -rounded;
}

static struct value
compute_number(const struct node *node, const struct node *a, const struct node *b)
{
    struct value out = {.state = STATE_VALUE};
    amount_wide  unit = power(a->scale);

    switch (node->operation) {
    case OP_ADD:
        out.number = at_scale(a, node->scale) + at_scale(b, node->scale);
        break;
    case OP_SUBTRACT:
        out.number = at_scale(a, node->scale) - at_scale(b, node->scale);
        break;
    case OP_MULTIPLY:
        out.number = a->value.number * b->value.number;
        break;
    case OP_DIVIDE:
        if (b->value.number == 0) {
            out.state = STATE_ERROR;
            return out;
        }
        out.number =
            half_away(a->value.number * power(node->scale - a->scale + b->scale), b->value.number);
        break;
    case OP_MOD:
        out.number = at_scale(a, node->scale);
        if (b->value.number != 0) {
            amount_wide divisor = at_scale(b, node->scale);
            out.number -= floor_divide(out.number, divisor) * divisor;
        }
        break;
    case OP_MINUS:
        out.number = -a->value.number;
        break;
    case OP_ABS:
        out.number = a->value.number < 0 ? -a->value.number : a->value.number;
        break;
    case OP_ROUND1:
        out.number =
            a->scale <= 1 ? a->value.number : half_away(a->value.number, power(a->scale - 1));
        break;
    case OP_TRUNC0:
        out.number = a->value.number / unit;
        break;
    case OP_FLOOR:
        out.number = floor_divide(a->value.number, unit);
        break;
    case OP_CEIL:
        out.number = -floor_divide(-a->value.number, unit);
        break;
    default: /* OP_LENGTH: the texts of this test have one letter of two bytes */
        for (size_t i = 0; i < a->value.text.size; i++) {
            out.number += ((unsigned char)a->value.text.data[i] & 0xC0) != 0x80 ? 1 : 0;
        }
        break;
    }
    return out;
}

static struct value
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): one branch per operator. */
compute_string(struct world *world, const struct node *node, const struct node *a,
               const struct node *b)
{
    struct value out = {.state = STATE_VALUE};
    struct str   text = a->value.text;

    if (node->operation == OP_CONCAT) {
        out.text = str_format(world->arena, "%.*s%.*s", STR_ARG(text), STR_ARG(b->value.text));
    } else if (node->operation == OP_TRIM) {
        out.text = str_trim(text);
    } else if (node->operation == OP_UPPER) {
        out.text = str_copy(world->arena, text);
        char *data = (char *)out.text.data;
        for (size_t i = 0; i < text.size; i++) {
            if (data[i] >= 'a' && data[i] <= 'z') {
                data[i] = (char)(data[i] - 32);
            } else if (data[i] == '\xBC') {
                data[i] = '\xBB'; /* ż, Ż */
            }
        }
    } else { /* OP_SUBSTR: the second character */
        size_t first = 1;
        while (first < text.size && ((unsigned char)text.data[first] & 0xC0) == 0x80) {
            first++;
        }
        size_t last = first + 1;
        while (last < text.size && ((unsigned char)text.data[last] & 0xC0) == 0x80) {
            last++;
        }
        out.text = str_slice(text, first, last - first);
    }
    return out;
}

static int
compare(const struct node *a, const struct node *b)
{
    int         scale = larger(a->scale, b->scale);
    amount_wide left = at_scale(a, scale);
    amount_wide right = at_scale(b, scale);

    return left < right ? -1 : left > right ? 1 : 0;
}

static bool
compute_truth(const struct node *node, const struct node *a, const struct node *b)
{
    const struct node one = {.value = {.number = 1}};
    const struct node half = {.value = {.number = -5}, .scale = 1};

    switch (node->operation) {
    case OP_EQ:
        return compare(a, b) == 0;
    case OP_NE:
        return compare(a, b) != 0;
    case OP_LT:
        return compare(a, b) < 0;
    case OP_GE:
        return compare(a, b) >= 0;
    case OP_IN_N:
        return compare(a, &one) == 0 || compare(a, &half) == 0;
    case OP_EQ_S:
        return str_equal(a->value.text, b->value.text);
    case OP_GT_S:
        return str_compare(a->value.text, b->value.text) > 0;
    case OP_IN_S:
        return str_equal(a->value.text, STR("b")) || str_equal(a->value.text, STR("ab"))
               || a->value.text.size == 0;
    case OP_XOR:
        return a->value.number != b->value.number;
    case OP_EQ_T:
        return a->value.number == b->value.number;
    default: /* OP_NOT */
        return a->value.number == 0;
    }
}

static struct value
truth(bool is)
{
    return (struct value){.state = STATE_VALUE, .number = is ? 1 : 0};
}

/* and: a false decides; or: a true decides. */
static struct value
decide(struct value a, struct value b, amount_wide decisive)
{
    if (a.state == STATE_ERROR || b.state == STATE_ERROR) {
        return (struct value){.state = STATE_ERROR};
    }
    if ((a.state == STATE_VALUE && a.number == decisive)
        || (b.state == STATE_VALUE && b.number == decisive)) {
        return truth(decisive == 1);
    }
    if (a.state == STATE_NULL || b.state == STATE_NULL) {
        return (struct value){.state = STATE_NULL};
    }
    return truth(decisive == 0);
}

static struct value
rescaled(const struct node *node, const struct node *from)
{
    struct value out = from->value;

    if (node->sort == SORT_NUMBER && out.state == STATE_VALUE) {
        out.number = at_scale(from, node->scale);
    }
    return out;
}

/* Operations that look at null or at one side only. True: it was one of them. */
static bool
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): one branch per operator. */
compute_special(const struct node *nodes, const struct node *node, struct value *out)
{
    const struct node *a = &nodes[node->children[0]];
    const struct node *b = &nodes[node->children[1]];
    const struct node *c = &nodes[node->children[2]];
    bool               yes = a->value.state == STATE_VALUE && a->value.number == 1;

    switch (node->operation) {
    case OP_NVL_N:
    case OP_NVL_S:
    case OP_NVL_T:
        *out = rescaled(node, a->value.state == STATE_NULL ? b : a);
        return true;
    case OP_IF_N:
    case OP_IF_S:
    case OP_IF_T:
        *out = a->value.state == STATE_ERROR ? a->value : rescaled(node, yes ? b : c);
        return true;
    case OP_ISNULL_N:
    case OP_ISNULL_S:
    case OP_ISNULL_T:
        *out = a->value.state == STATE_ERROR ? a->value : truth(a->value.state == STATE_NULL);
        return true;
    case OP_AND:
    case OP_OR:
        *out = decide(a->value, b->value, node->operation == OP_OR ? 1 : 0);
        return true;
    case OP_BETWEEN: {
        struct value low = b->value.state != STATE_VALUE   ? b->value
                           : a->value.state != STATE_VALUE ? a->value
                                                           : truth(compare(a, b) >= 0);
        struct value high = c->value.state != STATE_VALUE   ? c->value
                            : a->value.state != STATE_VALUE ? a->value
                                                            : truth(compare(a, c) <= 0);
        if (a->value.state == STATE_ERROR) {
            low = a->value;
        }
        *out = decide(low, high, 0);
        return true;
    }
    default:
        return false;
    }
}

static void
compute(struct world *world, struct node *node)
{
    const struct node *a = &world->nodes[node->children[0]];
    int                count = shapes[node->operation].count;
    const struct node *b = &world->nodes[node->children[count > 1 ? 1 : 0]];

    if (compute_special(world->nodes, node, &node->value)) {
        return;
    }
    if (a->value.state == STATE_ERROR || b->value.state == STATE_ERROR) {
        node->value = (struct value){.state = STATE_ERROR};
    } else if (a->value.state == STATE_NULL || b->value.state == STATE_NULL) {
        node->value = (struct value){.state = STATE_NULL};
    } else if (node->sort == SORT_NUMBER) {
        node->value = compute_number(node, a, b);
    } else if (node->sort == SORT_STRING) {
        node->value = compute_string(world, node, a, b);
    } else {
        node->value = truth(compute_truth(node, a, b));
    }
}

static void
load(const struct world *world, struct node *node, size_t row)
{
    int at = node->children[0];

    if (at < 0) {
        return;
    }
    bool known = types[at] == VTL_STRING ? world->ids[at][row] != 0
                                         : world->states[at][row] == VTL_CELL_PRESENT;
    node->value = (struct value){.state = known ? STATE_VALUE : STATE_NULL,
                                 .number = world->numbers[at][row],
                                 .text = texts[world->ids[at][row]]};
}

static enum vtl_outcome
expected(struct world *world, size_t row)
{
    struct node *root = &world->nodes[world->count - 1];

    for (int i = 0; i < world->count; i++) {
        if (world->nodes[i].operation == OP_LEAF) {
            load(world, &world->nodes[i], row);
        } else {
            compute(world, &world->nodes[i]);
        }
    }
    for (size_t i = 0; i < COMPONENTS; i++) {
        if ((root->reads >> i & 1) != 0 && world->states[i][row] == VTL_CELL_UNKNOWN) {
            return VTL_NOT_EVALUATED;
        }
    }
    return root->value.state == STATE_ERROR  ? VTL_ERROR
           : root->value.state == STATE_NULL ? VTL_NULL
           : root->value.number == 1         ? VTL_TRUE
                                             : VTL_FALSE;
}

static void
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): one branch per operator. */
make_rows(struct world *world)
{
    static const int64_t pool[] = {0, 1, -1, 100, -50, 5, 250, 999999, -123456, 10000, 7, -7};

    for (size_t i = 0; i < COMPONENTS; i++) {
        for (size_t row = 0; row < ROWS; row++) {
            uint64_t luck = draw(world, 20);
            world->numbers[i][row] =
                types[i] == VTL_BOOLEAN ? (int64_t)draw(world, 2) : pool[draw(world, 12)];
            world->ids[i][row] =
                types[i] == VTL_STRING ? (uint32_t)draw(world, ARRAY_COUNT(texts)) : 0;
            world->states[i][row] = luck == 0   ? VTL_CELL_UNKNOWN
                                    : luck <= 4 ? VTL_CELL_ABSENT
                                                : VTL_CELL_PRESENT;
            if (world->states[i][row] != VTL_CELL_PRESENT) {
                world->ids[i][row] = 0;
            }
        }
    }
}

/* A rule whose root is a truth value, built upward from leaves. */
static void
make_rule(struct world *world)
{
    world->count = 0;
    while (world->count < 6) {
        add_leaf(world);
    }
    for (int i = 0; i < 60 && world->count < NODES; i++) {
        add_node(world, (enum operation)(1 + draw(world, OPERATIONS - 1)));
    }
    while (world->nodes[world->count - 1].sort != SORT_TRUTH
           || world->nodes[world->count - 1].operation == OP_LEAF) {
        if (world->count == NODES + 1) {
            world->count--;
        }
        add_node(world, (enum operation)(OP_EQ + draw(world, OPERATIONS - OP_EQ)));
    }
}

static void
judge(struct world *world, size_t *counts)
{
    static const struct vtl_options options = {.row_max = ROWS, .outcomes = true};
    struct vtl_component            components[COMPONENTS];
    struct vtl_column               columns[COMPONENTS];
    struct vtl_binding              binding = {
                     .ruleset = STR("R"), .structure = {components, COMPONENTS}
    };
    struct vtl_data data = {
        .row_count = ROWS, .columns = columns, .texts = texts, .text_count = ARRAY_COUNT(texts)};
    struct vtl_script     *script = NULL;
    struct vtl_plan       *plan = NULL;
    struct vtl_rule_result result;
    struct vtl_problem     problem = {0};
    struct str             rule = world->nodes[world->count - 1].text;
    struct str             text = str_format(world->arena,
                                             "define datapoint ruleset R (variable A, B, C, K, S, V, T, W) "
                                                         "is X: %.*s end datapoint ruleset;",
                                             STR_ARG(rule));

    for (size_t i = 0; i < COMPONENTS; i++) {
        components[i] =
            (struct vtl_component){.name = str_of(names[i]), .type = types[i], .scale = scales[i]};
        columns[i] = (struct vtl_column){world->numbers[i], world->ids[i], world->states[i]};
    }
    if (vtl_parse(world->arena, text, &script, &problem, NULL) != ERR_OK
        || vtl_bind(world->arena, script, &binding, &plan, &problem, NULL) != ERR_OK) {
        fail_msg("%.*s: %u %s", STR_ARG(rule), problem.column, problem.text);
    }
    assert_int_equal(vtl_run(world->arena, plan, &data, &options, &result, NULL), ERR_OK);
    for (size_t row = 0; row < ROWS; row++) {
        enum vtl_outcome want = expected(world, row);
        counts[want]++;
        if (result.outcomes[row] != want) {
            fail_msg("%.*s: row %zu: %d, not %d", STR_ARG(rule), row, result.outcomes[row],
                     (int)want);
        }
    }
}

static void
columns_and_a_naive_evaluator_agree(void **state)
{
    (void)state;
    size_t        counts[VTL_OUTCOMES] = {0};
    struct world *world = test_calloc(1, sizeof *world);

    world->random = UINT64_C(0x2545F4914F6CDD1D);
    for (size_t i = 0; i < EXPRESSIONS; i++) {
        world->arena = arena_create((size_t)1 << 24);
        make_rows(world);
        make_rule(world);
        judge(world, counts);
        arena_destroy(world->arena);
    }
    for (size_t i = 0; i < VTL_OUTCOMES; i++) {
        assert_true(counts[i] > 100); /* every outcome was met */
    }
    test_free(world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns_and_a_naive_evaluator_agree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
