#include "validators/vtl/pair.h"

#include <string.h>

/* Arithmetic of int64. The binder has proven that no result leaves its range. */

static void
number(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    int64_t                 *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = (int64_t)in->number;
    }
    out->values = out->own;
    out->failed = NULL;
    out->present = NULL;
    if (in->null) {
        out->present = memset(machine_present(machine, out), 0, count);
    }
}

typedef int64_t narrow_function(int64_t a, int64_t b);

static inline int64_t
sum_of(int64_t a, int64_t b)
{
    return a + b;
}

static inline int64_t
difference_of(int64_t a, int64_t b)
{
    return a - b;
}

static inline int64_t
product_of(int64_t a, int64_t b)
{
    return a * b;
}

MACHINE_PART void
compute(const struct pair *pair, narrow_function *function, size_t count, int64_t *restrict values)
{
    const int64_t *restrict a = pair->a;
    const int64_t *restrict b = pair->b;
    const int64_t constant = pair->number;

    ENSURE(a != NULL || b != NULL);
    if (a == NULL) {
        for (size_t i = 0; i < count; i++) {
            values[i] = function(constant, b[i]);
        }
    } else if (b == NULL) {
        for (size_t i = 0; i < count; i++) {
            values[i] = function(a[i], constant);
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            values[i] = function(a[i], b[i]);
        }
    }
}

static void
finish(struct machine *machine, const struct plan_instruction *in)
{
    machine_target(machine)->values = machine_target(machine)->own;
    machine_strict(machine, in);
}

MACHINE_WIDE_VECTORS static void
add(struct machine *machine, const struct plan_instruction *in)
{
    struct pair pair = pair_of(machine, in);

    compute(&pair, sum_of, machine->count, machine_target(machine)->own);
    finish(machine, in);
}

MACHINE_WIDE_VECTORS static void
subtract(struct machine *machine, const struct plan_instruction *in)
{
    struct pair pair = pair_of(machine, in);

    compute(&pair, difference_of, machine->count, machine_target(machine)->own);
    finish(machine, in);
}

MACHINE_WIDE_VECTORS static void
multiply(struct machine *machine, const struct plan_instruction *in)
{
    struct pair pair = pair_of(machine, in);

    compute(&pair, product_of, machine->count, machine_target(machine)->own);
    finish(machine, in);
}

MACHINE_WIDE_VECTORS static void
absolute(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const int64_t *restrict a = machine_register(machine, in->a)->values;
    int64_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] < 0 ? -a[i] : a[i];
    }
    finish(machine, in);
}

machine_kernel *
narrow_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_NUMBER] = number,     [PLAN_ADD] = add,      [PLAN_SUBTRACT] = subtract,
        [PLAN_MULTIPLY] = multiply, [PLAN_ABS] = absolute,
    };

    return kernels[op];
}
