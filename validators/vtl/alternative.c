#include "validators/vtl/machine.h"

#include <string.h>

/* Numbers of which one of two is taken: nvl and select; and whether there is none. */

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
        uint8_t *present = machine_present(machine, out);
        for (size_t i = 0; i < count; i++) {
            present[i] = a->present[i] | b->present[i];
        }
        out->present = present;
    }
    if (a->failed == NULL && (a->present == NULL || b->failed == NULL)) {
        return;
    }
    uint8_t *failed = machine_failed(machine, out);
    for (size_t i = 0; i < count; i++) {
        bool second = a->present != NULL && a->present[i] == 0;
        failed[i] = (uint8_t)((a->failed != NULL && a->failed[i] != 0)
                              || (second && b->failed != NULL && b->failed[i] != 0));
    }
    out->failed = failed;
}

/* b: NULL where it is a constant. */
MACHINE_PART void
fill_gaps(const struct machine_register *from, const int64_t *restrict b, int64_t constant,
          size_t count, int64_t *restrict values)
{
    const uint8_t *restrict present = from->present;
    const int64_t *restrict a = from->values;

    if (b == NULL) {
        for (size_t i = 0; i < count; i++) {
            int64_t keep = -(int64_t)present[i]; /* all bits or none */
            values[i] = (a[i] & keep) | (constant & ~keep);
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            int64_t keep = -(int64_t)present[i];
            values[i] = (a[i] & keep) | (b[i] & ~keep);
        }
    }
}

MACHINE_WIDE_VECTORS static void
nvl(struct machine *machine, const struct plan_instruction *in)
{
    const struct machine_register *a = machine_register(machine, in->a);
    const struct plan_instruction *other = &machine->plan->instructions[in->b];
    struct machine_register       *out = machine_target(machine);
    const int64_t *b = plan_is_constant(other) ? NULL : machine_register(machine, in->b)->values;

    out->values = out->own;
    if (a->present != NULL) {
        fill_gaps(a, b, (int64_t)other->number, machine->count, out->own);
    } else if (a->values != a->own) {
        out->values = a->values; /* of a column, which outlives every register */
    } else {
        memcpy(out->own, a->values, machine->count * sizeof(int64_t));
    }
    finish_nvl(machine, in);
}

static void
wide_nvl(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t           *present = machine_register(machine, in->a)->present;
    const amount_wide       *a = machine_register(machine, in->a)->values;
    const amount_wide       *b = machine_register(machine, in->b)->values;
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
        uint8_t *present = machine_present(machine, out);
        for (size_t i = 0; i < count; i++) {
            const uint8_t *side = chosen[i] == VTL_TRUE ? a : b;
            present[i] = side == NULL ? 1 : side[i];
        }
        out->present = present;
    }
    machine_fail_selected(machine, in);
}

MACHINE_WIDE_VECTORS static void
select_narrow(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint8_t *restrict chosen = machine_register(machine, in->c)->values;
    const int64_t *restrict a = machine_register(machine, in->a)->values;
    const int64_t *restrict b = machine_register(machine, in->b)->values;
    int64_t *restrict values = out->own;

    for (size_t i = 0; i < count; i++) {
        int64_t first = -(int64_t)(chosen[i] == VTL_TRUE);
        values[i] = (a[i] & first) | (b[i] & ~first);
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
    const amount_wide       *a = machine_register(machine, in->a)->values;
    const amount_wide       *b = machine_register(machine, in->b)->values;
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
alternative_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_NVL] = nvl,
        [PLAN_WIDE_NVL] = wide_nvl,
        [PLAN_SELECT] = select_narrow,
        [PLAN_WIDE_SELECT] = select_wide,
        [PLAN_ISNULL] = is_null,
    };

    return kernels[op];
}
