#include "validators/vtl/pair.h"

/*
 * Comparisons of numbers. In most chunks every row keeps the rule, and one pass that writes nothing
 * finds that out.
 */

/* What is left over where a comparison does not hold: 0 where it does. */
typedef int64_t narrow_gap(int64_t a, int64_t b);
typedef bool    wide_predicate(amount_wide a, amount_wide b);

static inline int64_t
gap_equal(int64_t a, int64_t b)
{
    return a ^ b;
}

static inline int64_t
gap_less(int64_t a, int64_t b)
{
    return a < b ? 0 : -1;
}

static inline int64_t
gap_not_less(int64_t a, int64_t b)
{
    return a < b ? -1 : 0;
}

/* Truth of rows in which an operand is null. */
static void
put_nulls(const struct machine_register *out, size_t count, uint8_t *restrict values)
{
    const uint8_t *restrict present = out->present;

    for (size_t i = 0; present != NULL && i < count; i++) {
        values[i] = present[i] != 0 ? values[i] : VTL_NULL;
    }
}

MACHINE_PART bool
holds_everywhere(const struct pair *pair, narrow_gap *gap, size_t count)
{
    const int64_t *restrict a = pair->a;
    const int64_t *restrict b = pair->b;
    const int64_t constant = pair->number;
    int64_t       gaps = 0;

    ENSURE(a != NULL || b != NULL);
    if (a == NULL) {
        for (size_t i = 0; i < count; i++) {
            gaps |= gap(constant, b[i]);
        }
    } else if (b == NULL) {
        for (size_t i = 0; i < count; i++) {
            gaps |= gap(a[i], constant);
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            gaps |= gap(a[i], b[i]);
        }
    }
    return gaps == 0;
}

static inline uint8_t
truth_of(int64_t gap)
{
    return gap == 0 ? VTL_TRUE : VTL_FALSE;
}

MACHINE_PART void
write_truth(const struct pair *pair, narrow_gap *gap, size_t count, uint8_t *restrict values)
{
    const int64_t *restrict a = pair->a;
    const int64_t *restrict b = pair->b;
    const int64_t constant = pair->number;

    ENSURE(a != NULL || b != NULL);
    if (a == NULL) {
        for (size_t i = 0; i < count; i++) {
            values[i] = truth_of(gap(constant, b[i]));
        }
    } else if (b == NULL) {
        for (size_t i = 0; i < count; i++) {
            values[i] = truth_of(gap(a[i], constant));
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            values[i] = truth_of(gap(a[i], b[i]));
        }
    }
}

MACHINE_PART void
compare(struct machine *machine, const struct plan_instruction *in, narrow_gap *gap)
{
    const size_t             count = machine->count;
    const struct pair        pair = pair_of(machine, in);
    struct machine_register *out = machine_target(machine);

    machine_strict(machine, in);
    if (out->present == NULL && holds_everywhere(&pair, gap, count)) {
        out->values = machine->all_true;
        return;
    }
    write_truth(&pair, gap, count, out->own);
    put_nulls(out, count, out->own);
    out->values = out->own;
}

MACHINE_WIDE_VECTORS static void
equal(struct machine *machine, const struct plan_instruction *in)
{
    compare(machine, in, gap_equal);
}

MACHINE_WIDE_VECTORS static void
less(struct machine *machine, const struct plan_instruction *in)
{
    compare(machine, in, gap_less);
}

MACHINE_WIDE_VECTORS static void
not_less(struct machine *machine, const struct plan_instruction *in)
{
    compare(machine, in, gap_not_less);
}

static inline bool
is_equal(amount_wide a, amount_wide b)
{
    return a == b;
}

static inline bool
is_less(amount_wide a, amount_wide b)
{
    return a < b;
}

static inline bool
is_not_less(amount_wide a, amount_wide b)
{
    return a >= b;
}

MACHINE_PART void
compare_wide(struct machine *machine, const struct plan_instruction *in, wide_predicate *holds)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const amount_wide *restrict a = machine_register(machine, in->a)->values;
    const amount_wide *restrict b = machine_register(machine, in->b)->values;
    uint8_t *restrict values = out->own;

    machine_strict(machine, in);
    for (size_t i = 0; i < count; i++) {
        values[i] = holds(a[i], b[i]) ? VTL_TRUE : VTL_FALSE;
    }
    put_nulls(out, count, values);
    out->values = values;
}

static void
wide_equal(struct machine *machine, const struct plan_instruction *in)
{
    compare_wide(machine, in, is_equal);
}

static void
wide_less(struct machine *machine, const struct plan_instruction *in)
{
    compare_wide(machine, in, is_less);
}

static void
wide_not_less(struct machine *machine, const struct plan_instruction *in)
{
    compare_wide(machine, in, is_not_less);
}

machine_kernel *
comparison_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_EQUAL] = equal,         [PLAN_LESS] = less,
        [PLAN_NOT_LESS] = not_less,   [PLAN_WIDE_EQUAL] = wide_equal,
        [PLAN_WIDE_LESS] = wide_less, [PLAN_WIDE_NOT_LESS] = wide_not_less,
    };

    return kernels[op];
}
