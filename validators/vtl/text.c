#include "validators/vtl/memo.h"

#include <string.h>

/* Kernels over strings, which are numbers of machine.texts; 0 is null. */

static const uint32_t *
ids_of(const struct machine *machine, uint32_t operand)
{
    return machine_register(machine, operand)->values;
}

static void
finish(struct machine *machine, const struct plan_instruction *in)
{
    machine_target(machine)->values = machine_target(machine)->own;
    machine_fail_with(machine, in);
}

static void
constant(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    uint32_t    *values = machine_target(machine)->own;
    uint32_t     number = in->null ? 0 : memo_number(machine, in->text);

    for (size_t i = 0; i < count; i++) {
        values[i] = number;
    }
    machine_target(machine)->values = values;
    machine_target(machine)->failed = NULL;
}

static void
equal(struct machine *machine, const struct plan_instruction *in)
{
    const size_t count = machine->count;
    const uint32_t *restrict a = ids_of(machine, in->a);
    const uint32_t *restrict b = ids_of(machine, in->b);
    uint8_t *restrict values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        int known = (a[i] != 0) & (b[i] != 0);
        values[i] = (uint8_t)(VTL_NULL + known * ((a[i] == b[i]) * 2 - 1)); /* without branches */
    }
    finish(machine, in);
}

/* By code points, which is by bytes of UTF-8. */
static void
less(struct machine *machine, const struct plan_instruction *in)
{
    const size_t      count = machine->count;
    const struct str *texts = machine->texts->items;
    const uint32_t   *a = ids_of(machine, in->a);
    const uint32_t   *b = ids_of(machine, in->b);
    uint8_t          *values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] == 0 || b[i] == 0                      ? VTL_NULL
                    : str_compare(texts[a[i]], texts[b[i]]) < 0 ? VTL_TRUE
                                                                : VTL_FALSE;
    }
    finish(machine, in);
}

static void
is_null(struct machine *machine, const struct plan_instruction *in)
{
    const size_t    count = machine->count;
    const uint32_t *a = ids_of(machine, in->a);
    uint8_t        *values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = a[i] == 0 ? VTL_TRUE : VTL_FALSE;
    }
    finish(machine, in);
}

static void
nvl(struct machine *machine, const struct plan_instruction *in)
{
    const size_t                   count = machine->count;
    const struct machine_register *a = machine_register(machine, in->a);
    const struct machine_register *b = machine_register(machine, in->b);
    const uint32_t                *first = a->values;
    const uint32_t                *second = b->values;
    struct machine_register       *out = machine_target(machine);
    uint32_t                      *values = out->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = first[i] != 0 ? first[i] : second[i];
    }
    out->values = values;
    out->failed = NULL;
    if (a->failed == NULL && b->failed == NULL) {
        return;
    }
    uint8_t *own = machine_failed(machine, out);
    for (size_t i = 0; i < count; i++) {
        bool failed = (a->failed != NULL && a->failed[i] != 0)
                      || (first[i] == 0 && b->failed != NULL && b->failed[i] != 0);
        own[i] = failed ? 1 : 0;
    }
    out->failed = own;
}

static void
select_text(struct machine *machine, const struct plan_instruction *in)
{
    const size_t    count = machine->count;
    const uint8_t  *chosen = machine_register(machine, in->c)->values;
    const uint32_t *a = ids_of(machine, in->a);
    const uint32_t *b = ids_of(machine, in->b);
    uint32_t       *values = machine_target(machine)->own;

    for (size_t i = 0; i < count; i++) {
        values[i] = chosen[i] == VTL_TRUE ? a[i] : b[i];
    }
    machine_target(machine)->values = values;
    machine_fail_selected(machine, in);
}

/* Mark row i of the target as failed, besides those that its operands brought. */
static void
fail_row(struct machine *machine, size_t i)
{
    struct machine_register *out = machine_target(machine);

    uint8_t *own = machine_failed(machine, out);
    if (out->failed == NULL) {
        memset(own, 0, machine->count);
        out->failed = own;
    }
    own[i] = 1;
}

static void
concat(struct machine *machine, const struct plan_instruction *in)
{
    const size_t    count = machine->count;
    const uint32_t *a = ids_of(machine, in->a);
    const uint32_t *b = ids_of(machine, in->b);
    uint32_t       *values = machine_target(machine)->own;
    char            joined[VTL_STRING_SIZE_MAX];

    finish(machine, in);
    for (size_t i = 0; i < count; i++) {
        struct str first = machine->texts->items[a[i]];
        struct str second = machine->texts->items[b[i]];
        values[i] = 0;
        if (a[i] == 0 || b[i] == 0) {
            continue;
        }
        if (first.size > sizeof joined || second.size > sizeof joined - first.size) {
            fail_row(machine, i);
            continue;
        }
        memcpy(joined, first.size == 0 ? "" : first.data, first.size);
        memcpy(joined + first.size, second.size == 0 ? "" : second.data, second.size);
        values[i] = memo_number(machine, (struct str){joined, first.size + second.size});
    }
}

/* Present, and not below the least that substr accepts there; *failed otherwise if present. */
static bool
take_integer(const struct machine_register *from, size_t i, int64_t least, bool *failed)
{
    bool present = from->present == NULL || from->present[i] != 0;

    *failed |= present && ((const int64_t *)from->values)[i] < least;
    return present;
}

/* The result for a string that is not null; most have been seen in an earlier row. */
static inline uint32_t
recall(struct machine *machine, const struct plan_instruction *in, uint32_t *memo, uint32_t id)
{
    return memo[id] != 0 ? memo[id] - 1 : memo_get(machine, in, memo, id);
}

/* upper lower trim ltrim rtrim, and substr with constants */
static void
convert(struct machine *machine, const struct plan_instruction *in)
{
    const size_t    count = machine->count;
    const uint32_t *a = ids_of(machine, in->a);
    uint32_t       *values = machine_target(machine)->own;
    uint32_t       *memo = memo_open(machine, in);

    for (size_t i = 0; i < count; i++) {
        values[i] = memo == NULL || a[i] == 0 ? 0 : recall(machine, in, memo, a[i]);
    }
    finish(machine, in);
}

/* Written out in the rule; the binder has checked it. */
static bool
is_constant(const struct machine *machine, uint32_t operand)
{
    const struct plan_instruction *it = &machine->plan->instructions[operand];

    return it->op == PLAN_NUMBER && !it->null;
}

static void
substr(struct machine *machine, const struct plan_instruction *in)
{
    const size_t                   count = machine->count;
    const uint32_t                *a = ids_of(machine, in->a);
    const struct machine_register *start = machine_register(machine, in->b);
    const struct machine_register *length =
        in->c == PLAN_NONE ? NULL : machine_register(machine, in->c);
    uint32_t *values = machine_target(machine)->own;

    if (is_constant(machine, in->b) && (length == NULL || is_constant(machine, in->c))) {
        convert(machine, in);
        return;
    }
    finish(machine, in);
    for (size_t i = 0; i < count; i++) {
        bool failed = false;
        bool present = take_integer(start, i, 1, &failed) && a[i] != 0;
        if (length != NULL) {
            present = take_integer(length, i, 0, &failed) && present;
        }
        values[i] = 0;
        if (present && failed) {
            fail_row(machine, i);
        } else if (present) {
            int64_t size = length == NULL ? INT64_MAX : ((const int64_t *)length->values)[i];
            values[i] =
                memo_number(machine, texts_substr(machine->texts->items[a[i]],
                                                  ((const int64_t *)start->values)[i], size));
        }
    }
}

static void
length(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    struct machine_register *out = machine_target(machine);
    const uint32_t          *a = ids_of(machine, in->a);
    int64_t                 *values = out->own;
    uint32_t                *memo = memo_open(machine, in);
    uint8_t                 *present = machine_present(machine, out);
    unsigned                 missing = 0;

    for (size_t i = 0; i < count; i++) {
        values[i] = memo == NULL || a[i] == 0 ? 0 : recall(machine, in, memo, a[i]);
        present[i] = a[i] != 0;
        missing |= a[i] == 0 ? 1U : 0U;
    }
    out->present = missing == 0 ? NULL : present;
    finish(machine, in);
}

static void
member(struct machine *machine, const struct plan_instruction *in)
{
    const size_t    count = machine->count;
    const uint32_t *a = ids_of(machine, in->a);
    uint8_t        *values = machine_target(machine)->own;
    uint32_t       *memo = memo_open(machine, in);

    for (size_t i = 0; i < count; i++) {
        values[i] = memo == NULL || a[i] == 0 ? VTL_NULL : (uint8_t)recall(machine, in, memo, a[i]);
    }
    finish(machine, in);
}

machine_kernel *
text_kernel(enum plan_op op)
{
    static machine_kernel *const kernels[PLAN_OPS] = {
        [PLAN_TEXT] = constant,       [PLAN_TEXT_EQUAL] = equal, [PLAN_TEXT_LESS] = less,
        [PLAN_TEXT_ISNULL] = is_null, [PLAN_TEXT_NVL] = nvl,     [PLAN_TEXT_SELECT] = select_text,
        [PLAN_CONCAT] = concat,       [PLAN_SUBSTR] = substr,    [PLAN_LENGTH] = length,
        [PLAN_UPPER] = convert,       [PLAN_LOWER] = convert,    [PLAN_TRIM] = convert,
        [PLAN_LTRIM] = convert,       [PLAN_RTRIM] = convert,    [PLAN_IN_SET] = member,
        [PLAN_IN_DOMAIN] = member,
    };

    return kernels[op];
}
