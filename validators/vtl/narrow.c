#include "validators/vtl/machine.h"

#include <string.h>

/* Kernels over int64. The binder has proven that no result leaves its range. */

#define VALUES(type, machine, operand) \
    ((const type *)machine_register((machine), (operand))->values)

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
        memset(out->own_present, 0, count);
        out->present = out->own_present;
    }
}

static void
add(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const int64_t *restrict a = VALUES(int64_t, machine, in->a);
    const int64_t *restrict b = VALUES(int64_t, machine, in->b);
    int64_t *restrict values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] + b[i];
    }
    out->values = values;
    machine_strict(machine, in);
}

static void
subtract(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const int64_t *restrict a = VALUES(int64_t, machine, in->a);
    const int64_t *restrict b = VALUES(int64_t, machine, in->b);
    int64_t *restrict values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] - b[i];
    }
    out->values = values;
    machine_strict(machine, in);
}

static void
multiply(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const int64_t *restrict a = VALUES(int64_t, machine, in->a);
    const int64_t *restrict b = VALUES(int64_t, machine, in->b);
    int64_t *restrict values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] * b[i];
    }
    out->values = values;
    machine_strict(machine, in);
}

static void
absolute(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const int64_t *restrict a = VALUES(int64_t, machine, in->a);
    int64_t *restrict values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] < 0 ? -a[i] : a[i];
    }
    out->values = values;
    machine_strict(machine, in);
}

/* A truth register: null where an operand is. */
static void
finish_truth(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    uint8_t *restrict values = out->own;

    machine_strict(machine, in);
    if (out->present != NULL) {
        const uint8_t *restrict present = out->present;
        for (size_t i = 0; i < count; i++) {
            values[i] = present[i] != 0 ? values[i] : VTL_NULL;
        }
    }
    out->values = values;
}

/* In most chunks every row is equal; one pass over both sides finds that out. */
static bool
all_equal(const int64_t *restrict a, const int64_t *restrict b, size_t count)
{
    int64_t difference = 0;

    for (size_t i = 0; i < count; i++) {
        difference |= a[i] ^ b[i];
    }
    return difference == 0;
}

static void
equal(struct machine *machine, const struct plan_instruction *in)
{
    const size_t   count = machine->count;
    const int64_t *a = VALUES(int64_t, machine, in->a);
    const int64_t *b = VALUES(int64_t, machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    if (all_equal(a, b, count)) {
        memset(values, VTL_TRUE, count);
    } else {
        for (size_t i = 0; i < count; i++) {
            values[i] = a[i] == b[i] ? VTL_TRUE : VTL_FALSE;
        }
    }
    finish_truth(machine, in);
}

static void
less(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const int64_t *restrict a = VALUES(int64_t, machine, in->a);
    const int64_t *restrict b = VALUES(int64_t, machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] < b[i] ? VTL_TRUE : VTL_FALSE;
    }
    finish_truth(machine, in);
}

static void
wide_equal(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const amount_wide *restrict a = VALUES(amount_wide, machine, in->a);
    const amount_wide *restrict b = VALUES(amount_wide, machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] == b[i] ? VTL_TRUE : VTL_FALSE;
    }
    finish_truth(machine, in);
}

static void
wide_less(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const amount_wide *restrict a = VALUES(amount_wide, machine, in->a);
    const amount_wide *restrict b = VALUES(amount_wide, machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] < b[i] ? VTL_TRUE : VTL_FALSE;
    }
    finish_truth(machine, in);
}

/* Masks of nvl(a, b): b matters only where a is null. */
static void
finish_nvl(struct machine *machine, const struct plan_instruction *in)
{
    const size_t                   count = machine->count;
    const struct machine_register *a = machine_register(machine, in->a);
    const struct machine_register *b = machine_register(machine, in->b);
    struct machine_register       *out = machine_target(machine);

    out->present = NULL;
    out->failed = NULL;
    if (a->present != NULL && b->present != NULL) {
        for (size_t i = 0; i < count; i++) {
            out->own_present[i] = a->present[i] | b->present[i];
        }
        out->present = out->own_present;
    }
    if (a->failed == NULL && (a->present == NULL || b->failed == NULL)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool second = a->present != NULL && a->present[i] == 0;
        out->own_failed[i] = (uint8_t)((a->failed != NULL && a->failed[i] != 0)
                                       || (second && b->failed != NULL && b->failed[i] != 0));
    }
    out->failed = out->own_failed;
}

static void
nvl(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t *restrict present = machine_register(machine, in->a)->present;
    const int64_t *restrict a = VALUES(int64_t, machine, in->a);
    const int64_t *restrict b = VALUES(int64_t, machine, in->b);
    int64_t *restrict values = out->own;

    if (present == NULL && a != machine_register(machine, in->a)->own) {
        values = NULL; /* a column: its memory outlives every register, so it need not be copied */
    } else if (present == NULL) {
        memcpy(values, a, count * sizeof *values);
    } else {
        for (size_t i = 0; i < count; i++) {
            int64_t keep = -(int64_t)present[i]; /* all bits or none */
            values[i] = (a[i] & keep) | (b[i] & ~keep);
        }
    }
    out->values = values == NULL ? a : values;
    finish_nvl(machine, in);
}

static void
wide_nvl(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t           *present = machine_register(machine, in->a)->present;
    const amount_wide       *a = VALUES(amount_wide, machine, in->a);
    const amount_wide       *b = VALUES(amount_wide, machine, in->b);
    amount_wide             *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = present == NULL || present[i] != 0 ? a[i] : b[i];
    }
    out->values = values;
    finish_nvl(machine, in);
}

static void
finish_select(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    const uint8_t           *a = machine_register(machine, in->a)->present;
    const uint8_t           *b = machine_register(machine, in->b)->present;
    const uint8_t           *chosen = machine_register(machine, in->c)->values;
    struct machine_register *out = machine_target(machine);

    out->present = NULL;
    if (a != NULL || b != NULL) {
        for (size_t i = 0; i < count; i++) {
            const uint8_t *side = chosen[i] == VTL_TRUE ? a : b;
            out->own_present[i] = side == NULL ? 1 : side[i];
        }
        out->present = out->own_present;
    }
    machine_fail_selected(machine, in);
}

static void
select_narrow(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t           *chosen = machine_register(machine, in->c)->values;
    const int64_t           *a = VALUES(int64_t, machine, in->a);
    const int64_t           *b = VALUES(int64_t, machine, in->b);
    int64_t                 *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = chosen[i] == VTL_TRUE ? a[i] : b[i];
    }
    out->values = values;
    finish_select(machine, in);
}

static void
select_wide(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t           *chosen = machine_register(machine, in->c)->values;
    const amount_wide       *a = VALUES(amount_wide, machine, in->a);
    const amount_wide       *b = VALUES(amount_wide, machine, in->b);
    amount_wide             *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = chosen[i] == VTL_TRUE ? a[i] : b[i];
    }
    out->values = values;
    finish_select(machine, in);
}

static void
is_null(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t           *present = machine_register(machine, in->a)->present;
    uint8_t                 *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = present != NULL && present[i] == 0 ? VTL_TRUE : VTL_FALSE;
    }
    out->values = values;
    machine_fail_with(machine, in);
}

machine_kernel *
narrow_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_NUMBER] = number,
        [PLAN_ADD] = add,
        [PLAN_SUBTRACT] = subtract,
        [PLAN_MULTIPLY] = multiply,
        [PLAN_ABS] = absolute,
        [PLAN_EQUAL] = equal,
        [PLAN_LESS] = less,
        [PLAN_WIDE_EQUAL] = wide_equal,
        [PLAN_WIDE_LESS] = wide_less,
        [PLAN_NVL] = nvl,
        [PLAN_WIDE_NVL] = wide_nvl,
        [PLAN_SELECT] = select_narrow,
        [PLAN_WIDE_SELECT] = select_wide,
        [PLAN_ISNULL] = is_null,
    };

    return kernels[op];
}
