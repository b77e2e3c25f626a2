#include "validators/vtl/machine.h"

#include "validators/vtl/memo.h"

#include <string.h>

enum { LINE_SIZE = 64 };

static const size_t value_sizes[] = {
    [PLAN_CLASS_NARROW] = sizeof(int64_t),
    [PLAN_CLASS_WIDE] = sizeof(amount_wide),
    [PLAN_CLASS_TRUTH] = sizeof(uint8_t),
    [PLAN_CLASS_TEXT] = sizeof(uint32_t),
};

static uint8_t *
take_mask(struct machine *machine, uint8_t **own)
{
    if (*own == NULL) {
        *own = ARENA_NEW(machine->scratch, uint8_t, machine->row_max);
    }
    machine->memory &= *own != NULL;
    return *own != NULL ? *own : machine->spare;
}

uint8_t *
machine_present(struct machine *machine, struct machine_register *it)
{
    return take_mask(machine, &it->own_present);
}

uint8_t *
machine_failed(struct machine *machine, struct machine_register *it)
{
    return take_mask(machine, &it->own_failed);
}

static void
add_failed(struct machine *machine, struct machine_register *out, const uint8_t *failed)
{
    const size_t count = machine->count;
    if (failed == NULL) {
        return;
    }
    uint8_t *restrict own = machine_failed(machine, out);
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
machine_fail_with(struct machine *machine, const struct plan_instruction *instruction)
{
    const uint32_t           operands[] = {instruction->a, instruction->b, instruction->c};
    struct machine_register *out = machine_target(machine);

    out->failed = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(operands) && operands[i] != PLAN_NONE; i++) {
        add_failed(machine, out, machine_register(machine, operands[i])->failed);
    }
}

static void
keep_present(struct machine *machine, struct machine_register *out, const uint8_t *present)
{
    const size_t count = machine->count;
    if (present == NULL) {
        return;
    }
    uint8_t *restrict own = machine_present(machine, out);
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
machine_strict(struct machine *machine, const struct plan_instruction *instruction)
{
    const struct machine_register *a = machine_register(machine, instruction->a);
    const struct machine_register *b =
        instruction->b == PLAN_NONE ? a : machine_register(machine, instruction->b);
    struct machine_register *out = machine_target(machine);

    out->present = NULL;
    out->failed = NULL;
    if (a->present == NULL && b->present == NULL && a->failed == NULL && b->failed == NULL) {
        return;
    }
    keep_present(machine, out, a->present);
    keep_present(machine, out, b->present);
    add_failed(machine, out, a->failed);
    add_failed(machine, out, b->failed);
}

void
machine_fail_selected(struct machine *machine, const struct plan_instruction *instruction)
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
    uint8_t *own = machine_failed(machine, out);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *side = chosen[i] == VTL_TRUE ? a : b;
        own[i] = (uint8_t)((c != NULL && c[i] != 0) || (side != NULL && side[i] != 0));
    }
    out->failed = own;
}

/* Whether the operation leaves values in memory of its register, and not where a column has them.
 */
static bool
keeps_values(const struct machine *machine, const struct plan_instruction *in)
{
    bool column = in->op == PLAN_LOAD_NUMBER || in->op == PLAN_LOAD_WIDE;

    return !in->immediate && in->op != PLAN_RULE && in->op != PLAN_OUTPUT
           && (!column || machine->rows != NULL);
}

/* As vectors like it: an operation that reads or writes across two lines of a cache takes longer.
 */
static void *
make_values(struct machine *machine, enum plan_class class)
{
    size_t         size = machine->row_max * value_sizes[class];
    unsigned char *room = ARENA_NEW(machine->scratch, unsigned char, size + LINE_SIZE);

    return room == NULL ? NULL : room + (LINE_SIZE - (uintptr_t)room % LINE_SIZE);
}

static bool
make_slots(struct machine *machine, struct machine_register **slots)
{
    const struct vtl_plan *plan = machine->plan;

    for (size_t i = 0; i < PLAN_CLASSES; i++) {
        slots[i] = ARENA_NEW(machine->scratch, struct machine_register, plan->slot_count[i] + 1);
        if (slots[i] == NULL) {
            return false;
        }
    }
    machine->registers =
        ARENA_NEW(machine->scratch, struct machine_register *, plan->instruction_count + 1);
    return machine->registers != NULL;
}

static bool
make_registers(struct machine *machine)
{
    struct machine_register *slots[PLAN_CLASSES] = {0};

    if (!make_slots(machine, slots)) {
        return false;
    }
    for (size_t i = 0; i < machine->plan->instruction_count; i++) {
        const struct plan_instruction *in = &machine->plan->instructions[i];
        enum plan_class class = plan_class(in->op);
        struct machine_register *it = &slots[class][in->slot];

        machine->registers[i] = it;
        if (it->own == NULL && keeps_values(machine, in)) {
            it->own = make_values(machine, class);
            if (it->own == NULL) {
                return false;
            }
        }
    }
    return true;
}

static machine_kernel *
find_kernel(enum plan_op op)
{
    machine_kernel *found[] = {narrow_kernel(op), comparison_kernel(op), alternative_kernel(op),
                               wide_kernel(op),   truth_kernel(op),      text_kernel(op),
                               load_kernel(op)};

    for (size_t i = 0; i < ARRAY_COUNT(found); i++) {
        if (found[i] != NULL) {
            return found[i];
        }
    }
    return NULL;
}

static void
find_kernels(struct machine *machine)
{
    for (size_t i = 0; i < machine->plan->instruction_count; i++) {
        enum plan_op op = machine->plan->instructions[i].op;
        if (machine->kernels[op] == NULL) {
            machine->kernels[op] = find_kernel(op);
        }
    }
}

static bool
make_masks(struct machine *machine)
{
    uint8_t *truths = ARENA_NEW(machine->scratch, uint8_t, machine->row_max);

    machine->spare = ARENA_NEW(machine->scratch, uint8_t, machine->row_max);
    machine->all_true = truths;
    if (truths == NULL || machine->spare == NULL) {
        return false;
    }
    memset(truths, VTL_TRUE, machine->row_max);
    return true;
}

enum err
machine_prepare(struct machine *machine, size_t rows, struct fault *fault)
{
    const struct vtl_plan *plan = machine->plan;

    machine->row_max = rows;
    machine->memory = true;
    if (!make_masks(machine) || !make_registers(machine)) {
        return FAIL(fault, ERR_MEMORY, "registers of a plan of %zu instructions",
                    plan->instruction_count);
    }
    if (plan->uses_texts) {
        machine->texts =
            texts_create(machine->scratch, machine->data->texts, machine->data->text_count);
        machine->memos = ARENA_NEW(machine->scratch, struct memo, plan->instruction_count);
        if (machine->texts == NULL || machine->memos == NULL) {
            return FAIL(fault, ERR_MEMORY, "strings of a run: %zu", machine->data->text_count);
        }
    }
    find_kernels(machine);
    return ERR_OK;
}
