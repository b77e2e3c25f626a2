#include "validators/vtl/machine.h"

#include <string.h>

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
