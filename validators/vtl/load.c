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

/* present = (state == PRESENT); NULL when all are. */
static void
load_present(struct machine *machine, struct machine_register *out, const uint8_t *states)
{
    const size_t count = machine->count;
    uint8_t *restrict own = out->own_present;
    unsigned missing = 0;

    if (states == NULL) {
        out->present = NULL;
        return;
    }
    if (machine->rows == NULL) {
        const uint8_t *restrict from = states + machine->first_row;
        for (size_t i = 0; i < count; i++) {
            own[i] = from[i] == VTL_CELL_PRESENT;
            missing |= own[i] ^ 1U;
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            own[i] = states[machine->rows[i]] == VTL_CELL_PRESENT;
            missing |= own[i] ^ 1U;
        }
    }
    out->present = missing == 0 ? NULL : own;
}

/* failed = (state == FAILED); NULL when none is. */
static void
load_failed(struct machine *machine, struct machine_register *out, const uint8_t *states)
{
    const size_t count = machine->count;
    uint8_t *restrict own = out->own_failed;
    unsigned any = 0;

    for (size_t i = 0; states != NULL && i < count; i++) {
        own[i] = states[row_of(machine, i)] == VTL_CELL_FAILED;
        any |= own[i];
    }
    out->failed = any == 0 ? NULL : own;
}

static void
load_number(struct machine *machine, const struct plan_instruction *in)
{
    const size_t             count = machine->count;
    const struct vtl_column *column = &machine->data->columns[in->index];
    struct machine_register *out = machine_target(machine);
    int64_t                 *own = out->own;

    out->failed = NULL;
    load_present(machine, out, column->states);
    if (out->present != NULL) {
        load_failed(machine, out, column->states);
    }
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

    out->failed = NULL;
    load_present(machine, out, machine->data->columns[in->index].states);
    load_failed(machine, out, machine->data->columns[in->index].states);
    for (size_t i = 0; i < count; i++) {
        own[i] = from[row_of(machine, i)];
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
    if (machine->rows == NULL && column->states == NULL) {
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
