#ifndef VALIDATORS_VTL_PAIR_H
#define VALIDATORS_VTL_PAIR_H

#include "validators/vtl/machine.h"

/*
 * The operands of an operation on two numbers of 64 bits. One of them may be a constant of the
 * rule: it is then taken from the plan, and a loop over rows keeps it in a register of the
 * processor.
 */
struct pair {
    const int64_t *a; /* NULL: the constant */
    const int64_t *b; /* likewise; never both */
    int64_t        number;
};

static inline struct pair
pair_of(const struct machine *machine, const struct plan_instruction *instruction)
{
    const struct plan_instruction *a = &machine->plan->instructions[instruction->a];
    const struct plan_instruction *b = &machine->plan->instructions[instruction->b];
    struct pair                    pair = {.a = machine_register(machine, instruction->a)->values,
                                           .b = machine_register(machine, instruction->b)->values};

    if (plan_is_constant(a) && plan_is_constant(b)) {
        return pair; /* both stand in registers */
    }
    if (plan_is_constant(a)) {
        pair.a = NULL;
        pair.number = (int64_t)a->number;
    } else if (plan_is_constant(b)) {
        pair.b = NULL;
        pair.number = (int64_t)b->number;
    }
    return pair;
}

#endif
