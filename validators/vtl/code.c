#include "validators/vtl/code.h"

enum { INSTRUCTIONS_FIRST = 16, TABLE_FIRST = 32, QUOTIENT_DIGITS = 12 };

#define NARROW_MAX ((plan_bound)INT64_MAX)

static bool
is_wide(const struct code *code, uint32_t at)
{
    return plan_class(code->instructions[at].op) == PLAN_CLASS_WIDE;
}

/* Bounds grow up to "any 128-bit number" and stay there: such operations are checked. */
static plan_bound
bound_cut(plan_bound bound)
{
    return bound > PLAN_WIDE_MAX ? PLAN_WIDE_MAX : bound;
}

static plan_bound
bound_multiply(plan_bound a, plan_bound b)
{
    plan_bound product = 0;

    return __builtin_mul_overflow(a, b, &product) ? PLAN_WIDE_MAX : bound_cut(product);
}

static amount_wide
power_of_ten(int exponent)
{
    amount_wide power = 1;

    ENSURE(exponent >= 0 && exponent <= 2 * VTL_SCALE_MAX);
    for (int i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t
hash_of(const struct plan_instruction *it)
{
    uint64_t hash = mix((uint64_t)it->op, it->a);

    hash = mix(mix(mix(hash, it->b), it->c), it->index);
    hash = mix(mix(hash, (uint64_t)it->scale), (uint64_t)it->number);
    for (size_t i = 0; i < it->text.size; i++) {
        hash = mix(hash, (unsigned char)it->text.data[i]);
    }
    return hash;
}

static bool
is_same(const struct plan_instruction *a, const struct plan_instruction *b)
{
    return a->op == b->op && a->a == b->a && a->b == b->b && a->c == b->c && a->index == b->index
           && a->scale == b->scale && a->null == b->null && a->number == b->number
           && str_equal(a->text, b->text);
}

/* Where the instruction stands in the table, or the empty place where it belongs. */
static uint32_t *
find(const struct code *code, const struct plan_instruction *instruction)
{
    size_t mask = code->table_size - 1;

    for (size_t at = hash_of(instruction) & mask;; at = (at + 1) & mask) {
        uint32_t *place = &code->table[at];
        if (*place == 0 || is_same(&code->instructions[*place - 1], instruction)) {
            return place;
        }
    }
}

static bool
grow(struct code *code)
{
    size_t                   capacity = code->capacity * 2;
    struct plan_instruction *instructions = arena_extend(
        code->arena, code->instructions, code->capacity, capacity, sizeof *instructions);

    if (instructions == NULL) {
        return false;
    }
    code->instructions = instructions;
    code->capacity = capacity;
    uint32_t *table = ARENA_NEW(code->arena, uint32_t, code->table_size * 2);
    if (table == NULL) {
        return false;
    }
    code->table = table;
    code->table_size *= 2;
    for (size_t i = 0; i < code->count; i++) {
        *find(code, &code->instructions[i]) = (uint32_t)i + 1;
    }
    return true;
}

bool
code_create(struct arena *arena, struct code *out)
{
    struct code code = {.arena = arena,
                        .instructions =
                            ARENA_NEW(arena, struct plan_instruction, INSTRUCTIONS_FIRST),
                        .capacity = INSTRUCTIONS_FIRST,
                        .table = ARENA_NEW(arena, uint32_t, TABLE_FIRST),
                        .table_size = TABLE_FIRST};

    if (code.instructions == NULL || code.table == NULL) {
        return false;
    }
    *out = code;
    return true;
}

uint32_t
code_emit(struct code *code, struct plan_instruction instruction)
{
    uint32_t *place = find(code, &instruction);

    if (*place != 0) {
        return *place - 1;
    }
    if (code->full || (code->count == code->capacity && !grow(code))) {
        code->full = true;
        return 0; /* any number does: the caller will not run this code */
    }
    place = find(code, &instruction);
    code->instructions[code->count] = instruction;
    *place = (uint32_t)++code->count;
    return *place - 1;
}

uint32_t
code_other(struct code *code, enum plan_op op, uint32_t a, uint32_t b, uint32_t c)
{
    return code_emit(code, (struct plan_instruction){.op = op, .a = a, .b = b, .c = c});
}

uint32_t
code_truth(struct code *code, enum plan_op op, uint32_t a, uint32_t b)
{
    return code_other(code, op, a, b, PLAN_NONE);
}

uint32_t
code_number(struct code *code, amount_wide number, int scale)
{
    plan_bound bound = number < 0 ? (plan_bound)-number : (plan_bound)number;

    return code_emit(
        code, (struct plan_instruction){.op = bound > NARROW_MAX ? PLAN_WIDE_NUMBER : PLAN_NUMBER,
                                        .a = PLAN_NONE,
                                        .b = PLAN_NONE,
                                        .c = PLAN_NONE,
                                        .scale = scale,
                                        .number = number,
                                        .bound = bound});
}

uint32_t
code_null(struct code *code)
{
    return code_emit(
        code, (struct plan_instruction){
                  .op = PLAN_NUMBER, .a = PLAN_NONE, .b = PLAN_NONE, .c = PLAN_NONE, .null = true});
}

static uint32_t
widen(struct code *code, uint32_t a)
{
    const struct plan_instruction *from = &code->instructions[a];

    if (is_wide(code, a)) {
        return a;
    }
    if (from->op == PLAN_NUMBER) {
        struct plan_instruction constant = *from;
        constant.op = PLAN_WIDE_NUMBER;
        return code_emit(code, constant);
    }
    return code_emit(code, (struct plan_instruction){.op = PLAN_WIDEN,
                                                     .a = a,
                                                     .b = PLAN_NONE,
                                                     .c = PLAN_NONE,
                                                     .scale = from->scale,
                                                     .bound = from->bound});
}

/* A binary operation, narrow where its operands are and its bound allows it. */
static uint32_t
combine(struct code *code, enum plan_op op, uint32_t a, uint32_t b, plan_bound bound)
{
    struct plan_instruction result = {.op = op,
                                      .a = a,
                                      .b = b,
                                      .c = PLAN_NONE,
                                      .scale = code->instructions[a].scale,
                                      .bound = bound_cut(bound)};

    if (bound > NARROW_MAX || is_wide(code, a) || is_wide(code, b)) {
        result.op = (enum plan_op)(op + PLAN_WIDE_ADD - PLAN_ADD);
        result.a = widen(code, a);
        result.b = widen(code, b);
    }
    if (op == PLAN_MULTIPLY) {
        result.scale += code->instructions[b].scale;
    }
    return code_emit(code, result);
}

/* The same number with a larger scale. */
static uint32_t
rescale(struct code *code, uint32_t a, int scale)
{
    const struct plan_instruction *from = &code->instructions[a];
    int                            more = scale - from->scale;
    bool constant = from->op == PLAN_NUMBER || from->op == PLAN_WIDE_NUMBER;

    if (more == 0 || code->full) {
        return a;
    }
    amount_wide power = power_of_ten(more);
    if (constant && from->null) {
        struct plan_instruction null = *from;
        null.scale = scale;
        return code_emit(code, null);
    }
    if (constant && bound_multiply(from->bound, (plan_bound)power) < PLAN_WIDE_MAX) {
        return code_number(code, from->number * power, scale);
    }
    plan_bound bound = bound_multiply(from->bound, (plan_bound)power);
    return combine(code, PLAN_MULTIPLY, a, code_number(code, power, more), bound);
}

void
code_align(struct code *code, uint32_t *a, uint32_t *b)
{
    int scale_a = code->instructions[*a].scale;
    int scale_b = code->instructions[*b].scale;
    int scale = scale_a > scale_b ? scale_a : scale_b;

    *a = rescale(code, *a, scale);
    *b = rescale(code, *b, scale);
    if (is_wide(code, *a) != is_wide(code, *b)) {
        *a = widen(code, *a);
        *b = widen(code, *b);
    }
}

static uint32_t
add_or_subtract(struct code *code, enum plan_op op, uint32_t a, uint32_t b)
{
    code_align(code, &a, &b);
    return combine(code, op, a, b, code->instructions[a].bound + code->instructions[b].bound);
}

uint32_t
code_add(struct code *code, uint32_t a, uint32_t b)
{
    return add_or_subtract(code, PLAN_ADD, a, b);
}

uint32_t
code_subtract(struct code *code, uint32_t a, uint32_t b)
{
    return add_or_subtract(code, PLAN_SUBTRACT, a, b);
}

/* a / 10^(its scale - digits) as op says. */
static uint32_t
reduce(struct code *code, enum plan_op op, uint32_t a, int digits)
{
    amount_wide divisor = power_of_ten(code->instructions[a].scale - digits);

    a = widen(code, a);
    plan_bound bound = code->instructions[a].bound / (plan_bound)divisor + 1;
    return code_emit(code, (struct plan_instruction){.op = op,
                                                     .a = a,
                                                     .b = PLAN_NONE,
                                                     .c = PLAN_NONE,
                                                     .scale = digits < 0 ? 0 : digits,
                                                     .number = divisor,
                                                     .bound = bound});
}

uint32_t
code_multiply(struct code *code, uint32_t a, uint32_t b)
{
    plan_bound bound = bound_multiply(code->instructions[a].bound, code->instructions[b].bound);
    uint32_t   product = combine(code, PLAN_MULTIPLY, a, b, bound);

    if (code->instructions[product].scale <= VTL_SCALE_MAX) {
        return product;
    }
    code->capped = true;
    return reduce(code, PLAN_WIDE_ROUND, product, VTL_SCALE_MAX);
}

uint32_t
code_divide(struct code *code, uint32_t a, uint32_t b)
{
    int scale_a = code->instructions[a].scale;
    int scale_b = code->instructions[b].scale;
    int scale = scale_a > scale_b ? scale_a : scale_b;

    scale = scale > QUOTIENT_DIGITS ? scale : QUOTIENT_DIGITS;
    amount_wide power = power_of_ten(scale - scale_a + scale_b);
    a = widen(code, a);
    b = widen(code, b);
    plan_bound bound = bound_multiply(code->instructions[a].bound, (plan_bound)power);
    return code_emit(code, (struct plan_instruction){.op = PLAN_WIDE_DIVIDE,
                                                     .a = a,
                                                     .b = b,
                                                     .c = PLAN_NONE,
                                                     .scale = scale,
                                                     .number = power,
                                                     .bound = bound});
}

uint32_t
code_mod(struct code *code, uint32_t a, uint32_t b)
{
    code_align(code, &a, &b);
    a = widen(code, a);
    b = widen(code, b);
    plan_bound bound_a = code->instructions[a].bound;
    plan_bound bound_b = code->instructions[b].bound;
    return code_emit(code,
                     (struct plan_instruction){.op = PLAN_WIDE_MOD,
                                               .a = a,
                                               .b = b,
                                               .c = PLAN_NONE,
                                               .scale = code->instructions[a].scale,
                                               .bound = bound_a > bound_b ? bound_a : bound_b});
}

uint32_t
code_abs(struct code *code, uint32_t a)
{
    return code_emit(code,
                     (struct plan_instruction){.op = is_wide(code, a) ? PLAN_WIDE_ABS : PLAN_ABS,
                                               .a = a,
                                               .b = PLAN_NONE,
                                               .c = PLAN_NONE,
                                               .scale = code->instructions[a].scale,
                                               .bound = code->instructions[a].bound});
}

uint32_t
code_round(struct code *code, enum plan_op op, uint32_t a, int digits)
{
    if (digits >= code->instructions[a].scale) {
        return a;
    }
    uint32_t reduced = reduce(code, op, a, digits);
    return digits >= 0 ? reduced
                       : code_multiply(code, reduced, code_number(code, power_of_ten(-digits), 0));
}

uint32_t
code_compare(struct code *code, enum plan_op op, uint32_t a, uint32_t b)
{
    code_align(code, &a, &b);
    if (is_wide(code, a)) {
        op = (enum plan_op)(op + PLAN_WIDE_ADD - PLAN_ADD);
    }
    return code_truth(code, op, a, b);
}

uint32_t
code_nvl(struct code *code, uint32_t a, uint32_t b)
{
    code_align(code, &a, &b);
    plan_bound bound_a = code->instructions[a].bound;
    plan_bound bound_b = code->instructions[b].bound;
    return combine(code, PLAN_NVL, a, b, bound_a > bound_b ? bound_a : bound_b);
}

uint32_t
code_select(struct code *code, uint32_t condition, uint32_t a, uint32_t b)
{
    code_align(code, &a, &b);
    plan_bound bound_a = code->instructions[a].bound;
    plan_bound bound_b = code->instructions[b].bound;
    return code_emit(
        code, (struct plan_instruction){.op = is_wide(code, a) ? PLAN_WIDE_SELECT : PLAN_SELECT,
                                        .a = a,
                                        .b = b,
                                        .c = condition,
                                        .scale = code->instructions[a].scale,
                                        .bound = bound_a > bound_b ? bound_a : bound_b});
}
