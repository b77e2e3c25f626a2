#include "validators/vtl/plan.h"

enum { PINNED_MAX = 32 };

static const enum plan_class classes[] = {
#define PLAN_OP(name, class) PLAN_CLASS_##class,
#include "validators/vtl/plan.def"
#undef PLAN_OP
};

enum plan_class
plan_class(enum plan_op op)
{
    ENSURE((size_t)op < ARRAY_COUNT(classes));
    return classes[op];
}

bool
plan_uses_texts(enum plan_op op)
{
    return op == PLAN_TEXT || (op >= PLAN_TEXT_EQUAL && op <= PLAN_IN_DOMAIN);
}

/* Slots of one class that nobody reads any more. */
struct free_slots {
    uint32_t *slots;
    size_t    count;
};

static void
release(const struct vtl_plan *plan, struct free_slots *free_slots, uint32_t *last_use,
        uint32_t operand, uint32_t reader)
{
    if (operand == PLAN_NONE || last_use[operand] != reader || plan->instructions[operand].pinned) {
        return;
    }
    enum plan_class class = plan_class(plan->instructions[operand].op);
    struct free_slots *pool = &free_slots[class];

    pool->slots[pool->count++] = plan->instructions[operand].slot;
    last_use[operand] = PLAN_NONE; /* an instruction may read the same register twice */
}

/* The first constants keep their registers; a script with thousands of them shares. */
static void
pin_constants(struct vtl_plan *plan)
{
    size_t pinned = 0;

    for (size_t i = 0; i < plan->instruction_count && pinned < PINNED_MAX; i++) {
        plan->instructions[i].pinned = plan->instructions[i].op <= PLAN_TEXT;
        pinned += plan->instructions[i].pinned ? 1 : 0;
    }
}

static void
assign_slots(struct vtl_plan *plan, struct free_slots *free_slots, uint32_t *last_use)
{
    for (uint32_t i = 0; i < plan->instruction_count; i++) {
        struct plan_instruction *instruction = &plan->instructions[i];
        enum plan_class class = plan_class(instruction->op);
        struct free_slots *pool = &free_slots[class];

        instruction->slot = pool->count > 0 && !instruction->pinned
                                ? pool->slots[--pool->count]
                                : (uint32_t)plan->slot_count[class]++;
        release(plan, free_slots, last_use, instruction->a, i);
        release(plan, free_slots, last_use, instruction->b, i);
        release(plan, free_slots, last_use, instruction->c, i);
        release(plan, free_slots, last_use, i, i); /* nobody reads it */
    }
}

static void
find_last_uses(const struct vtl_plan *plan, uint32_t *last_use)
{
    for (uint32_t i = 0; i < plan->instruction_count; i++) {
        const struct plan_instruction *instruction = &plan->instructions[i];
        const uint32_t operands[] = {instruction->a, instruction->b, instruction->c};

        last_use[i] = i;
        for (size_t j = 0; j < ARRAY_COUNT(operands); j++) {
            if (operands[j] != PLAN_NONE) {
                last_use[operands[j]] = i;
            }
        }
    }
}

enum err
plan_assign(struct arena *arena, struct vtl_plan *plan, struct fault *fault)
{
    struct free_slots free_slots[PLAN_CLASSES] = {0};
    uint32_t         *last_use = ARENA_NEW(arena, uint32_t, plan->instruction_count + 1);

    for (size_t i = 0; i < PLAN_CLASSES; i++) {
        free_slots[i].slots = ARENA_NEW(arena, uint32_t, plan->instruction_count + 1);
        if (free_slots[i].slots == NULL || last_use == NULL) {
            return FAIL(fault, ERR_MEMORY, "registers of a plan");
        }
    }
    find_last_uses(plan, last_use);
    pin_constants(plan);
    assign_slots(plan, free_slots, last_use);
    return ERR_OK;
}

void
plan_mark(const struct vtl_plan *plan, uint32_t first, uint32_t second, uint8_t *needed)
{
    needed[first] = 1;
    needed[second] = 1;
    for (uint32_t i = (first > second ? first : second) + 1; i-- > 0;) {
        const struct plan_instruction *instruction = &plan->instructions[i];
        const uint32_t operands[] = {instruction->a, instruction->b, instruction->c};

        for (size_t j = 0; needed[i] != 0 && j < ARRAY_COUNT(operands); j++) {
            if (operands[j] != PLAN_NONE) {
                needed[operands[j]] = 1;
            }
        }
    }
}
