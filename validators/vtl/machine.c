#include "validators/vtl/machine.h"

#include "validators/vtl/memo.h"

#include <string.h>

static const size_t value_sizes[] = {
    [PLAN_CLASS_NARROW] = sizeof(int64_t),
    [PLAN_CLASS_WIDE] = sizeof(amount_wide),
    [PLAN_CLASS_TRUTH] = sizeof(uint8_t),
    [PLAN_CLASS_TEXT] = sizeof(uint32_t),
};

struct machine_register *
machine_register(const struct machine *machine, uint32_t instruction)
{
    const struct plan_instruction *it = &machine->plan->instructions[instruction];

    return &machine->registers[plan_class(it->op)][it->slot];
}

struct machine_register *
machine_target(const struct machine *machine)
{
    const struct plan_instruction *it = machine->instruction;

    return &machine->registers[plan_class(it->op)][it->slot];
}

static void
add_failed(const struct machine *machine, struct machine_register *out, const uint8_t *failed)
{
    const size_t count = machine->count;
    if (failed == NULL) {
        return;
    }
    uint8_t *restrict own = out->own_failed;
    if (out->failed == NULL) {
        memcpy(own, failed, count);
        out->failed = own;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        own[i] |= failed[i];
    }
}

void
machine_fail_with(const struct machine *machine, const struct plan_instruction *instruction)
{
    const uint32_t           operands[] = {instruction->a, instruction->b, instruction->c};
    struct machine_register *out = machine_target(machine);

    out->failed = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(operands); i++) {
        if (operands[i] != PLAN_NONE) {
            add_failed(machine, out, machine_register(machine, operands[i])->failed);
        }
    }
}

static void
keep_present(const struct machine *machine, struct machine_register *out, const uint8_t *present)
{
    const size_t count = machine->count;
    if (present == NULL) {
        return;
    }
    uint8_t *restrict own = out->own_present;
    if (out->present == NULL) {
        memcpy(own, present, count);
        out->present = own;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        own[i] &= present[i];
    }
}

void
machine_strict(const struct machine *machine, const struct plan_instruction *instruction)
{
    struct machine_register *out = machine_target(machine);

    machine_fail_with(machine, instruction);
    out->present = NULL;
    keep_present(machine, out, machine_register(machine, instruction->a)->present);
    if (instruction->b != PLAN_NONE) {
        keep_present(machine, out, machine_register(machine, instruction->b)->present);
    }
}

void
machine_fail_selected(const struct machine *machine, const struct plan_instruction *instruction)
{
    const size_t             count = machine->count;
    const uint8_t           *a = machine_register(machine, instruction->a)->failed;
    const uint8_t           *b = machine_register(machine, instruction->b)->failed;
    const uint8_t           *c = machine_register(machine, instruction->c)->failed;
    const uint8_t           *chosen = machine_register(machine, instruction->c)->values;
    struct machine_register *out = machine_target(machine);

    out->failed = NULL;
    if (a == NULL && b == NULL && c == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *side = chosen[i] == VTL_TRUE ? a : b;
        out->own_failed[i] = (uint8_t)((c != NULL && c[i] != 0) || (side != NULL && side[i] != 0));
    }
    out->failed = out->own_failed;
}

static bool
make_registers(struct machine *machine, enum plan_class class, size_t count, size_t rows)
{
    machine->registers[class] = ARENA_NEW(machine->scratch, struct machine_register, count);
    for (size_t i = 0; machine->registers[class] != NULL && i < count; i++) {
        struct machine_register *it = &machine->registers[class][i];
        it->own = arena_array(machine->scratch, rows, value_sizes[class], alignof(max_align_t));
        it->own_present = ARENA_NEW(machine->scratch, uint8_t, rows);
        it->own_failed = ARENA_NEW(machine->scratch, uint8_t, rows);
        if (it->own == NULL || it->own_present == NULL || it->own_failed == NULL) {
            return false;
        }
    }
    return machine->registers[class] != NULL;
}

enum err
machine_prepare(struct machine *machine, size_t rows, struct fault *fault)
{
    const struct vtl_plan *plan = machine->plan;

    for (size_t i = 0; i < PLAN_CLASSES; i++) {
        if (!make_registers(machine, (enum plan_class)i, plan->slot_count[i] + 1, rows)) {
            return FAIL(fault, ERR_MEMORY, "registers of a plan of %zu instructions",
                        plan->instruction_count);
        }
    }
    if (plan->uses_texts) {
        machine->texts =
            texts_create(machine->scratch, machine->data->texts, machine->data->text_count);
        machine->memos = ARENA_NEW(machine->scratch, struct memo, plan->instruction_count);
        if (machine->texts == NULL || machine->memos == NULL) {
            return FAIL(fault, ERR_MEMORY, "strings of a run: %zu", machine->data->text_count);
        }
    }
    for (size_t i = 0; i < PLAN_OPS; i++) {
        enum plan_op    op = (enum plan_op)i;
        machine_kernel *found[] = {narrow_kernel(op), wide_kernel(op), truth_kernel(op),
                                   text_kernel(op), load_kernel(op)};
        for (size_t j = 0; j < ARRAY_COUNT(found); j++) {
            machine->kernels[i] = found[j] == NULL ? machine->kernels[i] : found[j];
        }
    }
    machine->memory = true;
    return ERR_OK;
}
