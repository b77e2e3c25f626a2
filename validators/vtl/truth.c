#include "validators/vtl/machine.h"

#include "validators/relation/timespan.h"

#include <string.h>

/* Kernels over truth values: VTL_FALSE < VTL_NULL < VTL_TRUE. */

static const uint8_t *
truth_of(const struct machine *machine, uint32_t operand)
{
    return machine_register(machine, operand)->values;
}

static void
constant(struct machine *machine, const struct plan_instruction *in)
{
    struct machine_register *out = machine_target(machine);

    memset(out->own, in->null ? VTL_NULL : (int)in->number, machine->count);
    out->values = out->own;
    out->failed = NULL;
}

MACHINE_WIDE_VECTORS static void
conjunction(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] < b[i] ? a[i] : b[i];
    }
    machine_target(machine)->values = values;
    machine_fail_with(machine, in);
}

MACHINE_WIDE_VECTORS static void
disjunction(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] > b[i] ? a[i] : b[i];
    }
    machine_target(machine)->values = values;
    machine_fail_with(machine, in);
}

MACHINE_WIDE_VECTORS static void
negation(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = (uint8_t)(VTL_TRUE - a[i]);
    }
    machine_target(machine)->values = values;
    machine_fail_with(machine, in);
}

/* Null where either is; what is not null is 0 or 2, so that ^ tells whether they differ. */
MACHINE_WIDE_VECTORS static void
exclusive(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        uint8_t null = (a[i] | b[i]) & VTL_NULL;
        values[i] = null != 0 ? VTL_NULL : a[i] ^ b[i];
    }
    machine_target(machine)->values = values;
    machine_fail_with(machine, in);
}

MACHINE_WIDE_VECTORS static void
equal(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        uint8_t null = (a[i] | b[i]) & VTL_NULL;
        values[i] = null != 0 ? VTL_NULL : (a[i] ^ b[i]) ^ VTL_TRUE;
    }
    machine_target(machine)->values = values;
    machine_fail_with(machine, in);
}

/* Failures of b count only where `chosen` of a says that b is looked at. */
static void
fail_lazily(struct machine *machine, const struct plan_instruction *in, uint8_t chosen)
{
    const size_t                   count = machine->count;
    const struct machine_register *a = machine_register(machine, in->a);
    const struct machine_register *b = machine_register(machine, in->b);
    const uint8_t                 *truth = a->values;
    struct machine_register       *out = machine_target(machine);

    out->failed = NULL;
    if (a->failed == NULL && b->failed == NULL) {
        return;
    }
    uint8_t *own = machine_failed(machine, out);
    for (size_t i = 0; i < count; i++) {
        bool second = truth[i] == chosen && b->failed != NULL && b->failed[i] != 0;
        own[i] = (uint8_t)(second || (a->failed != NULL && a->failed[i] != 0));
    }
    out->failed = own;
}

/* b where a is true; else true where a is false, null where it is null. */
MACHINE_WIDE_VECTORS static void
when(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] == VTL_TRUE ? b[i] : (uint8_t)(VTL_TRUE - a[i]);
    }
    machine_target(machine)->values = values;
    fail_lazily(machine, in, VTL_TRUE);
}

MACHINE_WIDE_VECTORS static void
nvl(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] == VTL_NULL ? b[i] : a[i];
    }
    machine_target(machine)->values = values;
    fail_lazily(machine, in, VTL_NULL);
}

MACHINE_WIDE_VECTORS static void
select_truth(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    const uint8_t *restrict b = truth_of(machine, in->b);
    const uint8_t *restrict chosen = truth_of(machine, in->c);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = chosen[i] == VTL_TRUE ? a[i] : b[i];
    }
    machine_target(machine)->values = values;
    machine_fail_selected(machine, in);
}

MACHINE_WIDE_VECTORS static void
is_null(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint8_t *restrict a = truth_of(machine, in->a);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] == VTL_NULL ? VTL_TRUE : VTL_FALSE;
    }
    machine_target(machine)->values = values;
    machine_fail_with(machine, in);
}

/* Whether period a of row i is before period b; one row of period_less. */
static uint8_t
is_before(int64_t a, int64_t b, uint8_t *failed)
{
    int order = 0;

    if (!timespan_compare(a, b, &order)) {
        *failed = 1;
    }
    return order < 0 ? VTL_TRUE : VTL_FALSE;
}

/* Present periods alone are looked at: what is null has no days. */
static void
period_less(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const int64_t           *a = machine_register(machine, in->a)->values;
    const int64_t           *b = machine_register(machine, in->b)->values;
    uint8_t                 *values = out->own;
    uint8_t                  failed[VTL_CHUNK_ROWS];
    uint8_t                  any = 0;

    machine_strict(machine, in);
    for (size_t i = 0; i < count; i++) {
        bool present = out->present == NULL || out->present[i] != 0;
        failed[i] = out->failed == NULL ? 0 : out->failed[i];
        values[i] = present ? is_before(a[i], b[i], &failed[i]) : VTL_NULL;
        any |= failed[i];
    }
    out->values = values;
    if (any != 0) {
        out->failed = memcpy(machine_failed(machine, out), failed, count);
    }
}

machine_kernel *
truth_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_TRUTH] = constant,
        [PLAN_AND] = conjunction,
        [PLAN_OR] = disjunction,
        [PLAN_XOR] = exclusive,
        [PLAN_NOT] = negation,
        [PLAN_WHEN] = when,
        [PLAN_TRUTH_EQUAL] = equal,
        [PLAN_TRUTH_NVL] = nvl,
        [PLAN_TRUTH_SELECT] = select_truth,
        [PLAN_TRUTH_ISNULL] = is_null,
        [PLAN_PERIOD_LESS] = period_less,
    };

    return kernels[op];
}
