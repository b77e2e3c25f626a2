#include "validators/vtl/machine.h"

#include <string.h>

/*
 * Kernels over 128 bits, checked. The least 128-bit number counts as overflow, so that every value
 * has a negative.
 */
#define WIDE_MAX ((amount_wide)PLAN_WIDE_MAX)

/* One row: false on overflow or division by zero. */
typedef bool wide_function(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out);

static bool
fits(bool overflow, amount_wide value)
{
    return !overflow && value >= -WIDE_MAX;
}

static bool
add(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)parameter;
    bool overflow = __builtin_add_overflow(a, b, out);
    return fits(overflow, *out);
}

static bool
subtract(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)parameter;
    bool overflow = __builtin_sub_overflow(a, b, out);
    return fits(overflow, *out);
}

static bool
multiply(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)parameter;
    bool overflow = __builtin_mul_overflow(a, b, out);
    return fits(overflow, *out);
}

static amount_wide
absolute_of(amount_wide a)
{
    return a < 0 ? -a : a;
}

static bool
absolute(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)b;
    (void)parameter;
    *out = absolute_of(a);
    return true;
}

/*
 * Towards zero. The division of the processor where both fit into it, which is several times as
 * fast as that of 128 bits; the least number of 64 bits may have no quotient there.
 */
static inline amount_wide
quotient_of(amount_wide a, amount_wide b)
{
    bool narrow = a > INT64_MIN && a <= INT64_MAX && b >= INT64_MIN && b <= INT64_MAX;

    return narrow ? (int64_t)a / (int64_t)b : a / b;
}

/* Half away from zero. */
static amount_wide
divide_rounding(amount_wide a, amount_wide b)
{
    amount_wide quotient = quotient_of(a, b);
    amount_wide rest = absolute_of(a - quotient * b);

    if (rest >= absolute_of(b) - rest) {
        quotient += (a < 0) == (b < 0) ? 1 : -1;
    }
    return quotient;
}

static bool
divide(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    amount_wide scaled = 0;

    if (b == 0 || !multiply(a, parameter, 0, &scaled)) {
        return false;
    }
    *out = divide_rounding(scaled, b);
    return true;
}

/* VTL 2.2: the remainder has the sign of the divisor; a divisor of 0 gives the dividend. */
static bool
modulo(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)parameter;
    amount_wide rest = b == 0 ? a : a - quotient_of(a, b) * b;

    if (b != 0 && rest != 0 && (rest < 0) != (b < 0)) {
        rest += b;
    }
    *out = rest;
    return true;
}

static bool
round_to(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)b;
    *out = divide_rounding(a, parameter);
    return true;
}

static bool
truncate_to(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)b;
    *out = quotient_of(a, parameter);
    return true;
}

static bool
floor_to(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)b;
    amount_wide quotient = quotient_of(a, parameter);
    *out = quotient - (a - quotient * parameter < 0 ? 1 : 0);
    return true;
}

static bool
ceil_to(amount_wide a, amount_wide b, amount_wide parameter, amount_wide *out)
{
    (void)b;
    amount_wide quotient = quotient_of(a, parameter);
    *out = quotient + (a - quotient * parameter > 0 ? 1 : 0);
    return true;
}

/* Join the operation's own failures, which count only where no operand is null, to the operands'.
 */
static void
join_failed(struct machine *machine, struct machine_register *out, const uint8_t *failed)
{
    const size_t count = machine->count;
    uint8_t     *own = machine_failed(machine, out);
    uint8_t      any = 0;

    for (size_t i = 0; i < count; i++) {
        uint8_t present = out->present == NULL ? 1 : out->present[i];
        uint8_t before = out->failed == NULL ? 0 : out->failed[i];
        own[i] = (failed[i] & present) | before;
        any |= own[i];
    }
    out->failed = any == 0 ? NULL : own;
}

MACHINE_PART void
compute(struct machine *machine, const struct plan_instruction *in, wide_function *function)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const amount_wide       *a = machine_register(machine, in->a)->values;
    const amount_wide       *b = in->b == PLAN_NONE ? a : machine_register(machine, in->b)->values;
    amount_wide             *values = out->own;
    uint8_t                  failed[VTL_CHUNK_ROWS];

    machine_strict(machine, in);
    uint8_t any = 0;
    for (size_t i = 0; i < count; i++) {
        failed[i] = function(a[i], b[i], in->number, &values[i]) ? 0 : 1;
        values[i] = failed[i] != 0 ? 0 : values[i];
        any |= failed[i];
    }
    out->values = values;
    if (any != 0) {
        join_failed(machine, out, failed);
    }
}

static void
number(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    amount_wide             *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = in->number;
    }
    out->values = values;
    out->failed = NULL;
    out->present = NULL;
    if (in->null) {
        out->present = memset(machine_present(machine, out), 0, count);
    }
}

static void
widen(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const int64_t           *a = machine_register(machine, in->a)->values;
    amount_wide             *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i];
    }
    out->values = values;
    machine_strict(machine, in);
}

static void
run_add(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, add);
}

static void
run_subtract(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, subtract);
}

static void
run_multiply(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, multiply);
}

static void
run_absolute(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, absolute);
}

static void
run_divide(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, divide);
}

static void
run_modulo(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, modulo);
}

static void
run_round(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, round_to);
}

static void
run_truncate(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, truncate_to);
}

static void
run_floor(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, floor_to);
}

static void
run_ceil(struct machine *machine, const struct plan_instruction *in)
{
    compute(machine, in, ceil_to);
}

machine_kernel *
wide_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_WIDE_NUMBER] = number,         [PLAN_WIDEN] = widen,
        [PLAN_WIDE_ADD] = run_add,           [PLAN_WIDE_SUBTRACT] = run_subtract,
        [PLAN_WIDE_MULTIPLY] = run_multiply, [PLAN_WIDE_ABS] = run_absolute,
        [PLAN_WIDE_DIVIDE] = run_divide,     [PLAN_WIDE_MOD] = run_modulo,
        [PLAN_WIDE_ROUND] = run_round,       [PLAN_WIDE_TRUNC] = run_truncate,
        [PLAN_WIDE_FLOOR] = run_floor,       [PLAN_WIDE_CEIL] = run_ceil,
    };

    return kernels[op];
}
