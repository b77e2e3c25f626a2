#include "validators/vtl/machine.h"

#include <string.h>

/*
 * Kernels that bring columns into registers: as they lie in memory where the rows of a chunk follow
 * one another, gathered where single rows are asked for. An unknown cell counts as null here; the
 * rule's outcome is replaced afterwards (run.c). A failed cell is what the formula that failed
 * would be in its place: failed wherever it is looked at.
 */
static size_t
row_of(const struct machine *machine, size_t i)
{
    return machine->rows == NULL ? machine->first_row + i : machine->rows[i];
}

/* Whether a column has any state but this one in the rows of the chunk. */
MACHINE_WIDE_VECTORS static bool
has_other(const uint8_t *states, size_t count, uint8_t state)
{
    uint8_t other = 0;

    for (size_t i = 0; i < count; i++) {
        other |= states[i] ^ state;
    }
    return other != 0;
}

/* mask = (the row has this state); whether any has it. */
MACHINE_WIDE_VECTORS static bool
mark(const struct machine *machine, const uint8_t *states, uint8_t state, uint8_t *restrict mask)
{
    const size_t count = machine->count;
    uint8_t      any = 0;

    if (machine->rows == NULL) {
        const uint8_t *restrict from = states + machine->first_row;
        for (size_t i = 0; i < count; i++) {
            mask[i] = from[i] == state;
            any |= mask[i];
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            mask[i] = states[machine->rows[i]] == state;
            any |= mask[i];
        }
    }
    return any != 0;
}

/* failed = (state == FAILED); NULL when none is. */
static void
load_failed(struct machine *machine, struct machine_register *out, const uint8_t *states)
{
    out->failed = NULL;
    if (states != NULL && mark(machine, states, VTL_CELL_FAILED, machine->spare)) {
        uint8_t *failed = machine_failed(machine, out);
        (void)mark(machine, states, VTL_CELL_FAILED, failed);
        out->failed = failed;
    }
}

/* Whether all rows of the chunk are present; false when it is not known at once. */
static bool
is_whole(const struct machine *machine, size_t component)
{
    const uint8_t *states = machine->data->columns[component].states;

    return states == NULL || (machine->whole >> component & 1) != 0
           || (machine->rows == NULL
               && !has_other(states + machine->first_row, machine->count, VTL_CELL_PRESENT));
}

/* present = (state == PRESENT). In most chunks all rows are, and there is neither mask. */
static void
load_masks(struct machine *machine, struct machine_register *out, size_t component)
{
    const uint8_t *states = machine->data->columns[component].states;

    out->present = NULL;
    out->failed = NULL;
    if (is_whole(machine, component)) {
        return;
    }
    uint8_t *present = machine_present(machine, out);
    (void)mark(machine, states, VTL_CELL_PRESENT, present);
    out->present = has_other(present, machine->count, 1) ? present : NULL;
    load_failed(machine, out, states);
}

static void
load_number(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    const struct vtl_column *column = &machine->data->columns[in->index];
    struct machine_register *out = machine_target(machine);
    int64_t                 *own = out->own;

    load_masks(machine, out, in->index);
    if (machine->rows == NULL) {
        out->values = column->values + machine->first_row;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        own[i] = column->values[machine->rows[i]];
    }
    out->values = own;
}

static void
load_wide(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    const amount_wide       *from = machine->data->wides[in->index];
    struct machine_register *out = machine_target(machine);
    amount_wide             *own = out->own;

    load_masks(machine, out, in->index);
    if (machine->rows == NULL) {
        out->values = from + machine->first_row;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        own[i] = from[machine->rows[i]];
    }
    out->values = own;
}

static void
load_truth(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    const struct vtl_column *column = &machine->data->columns[in->index];
    struct machine_register *out = machine_target(machine);
    uint8_t                 *own = out->own;

    for (size_t i = 0; i < count; i++) {
        size_t row = row_of(machine, i);
        bool   known = column->states == NULL || column->states[row] == VTL_CELL_PRESENT;
        own[i] = !known ? VTL_NULL : column->values[row] != 0 ? VTL_TRUE : VTL_FALSE;
    }
    out->values = own;
    load_failed(machine, out, column->states);
}

static void
load_text(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    const struct vtl_column *column = &machine->data->columns[in->index];
    struct machine_register *out = machine_target(machine);
    uint32_t                *own = out->own;

    out->failed = NULL;
    if (machine->rows == NULL && is_whole(machine, in->index)) {
        out->values = column->ids + machine->first_row;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t row = row_of(machine, i);
        bool   known = column->states == NULL || column->states[row] == VTL_CELL_PRESENT;
        own[i] = known ? column->ids[row] : 0;
    }
    out->values = own;
    load_failed(machine, out, column->states);
}

machine_kernel *
load_kernel(enum plan_op op)
{
    return op == PLAN_LOAD_NUMBER  ? load_number
           : op == PLAN_LOAD_TRUTH ? load_truth
           : op == PLAN_LOAD_TEXT  ? load_text
           : op == PLAN_LOAD_WIDE  ? load_wide
                                   : NULL;
}
