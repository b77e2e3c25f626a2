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

/* PLAN_NONE counts as one. */
static bool
is_constant(const struct vtl_plan *plan, uint32_t operand)
{
    return operand == PLAN_NONE || plan_is_constant(&plan->instructions[operand]);
}

/* Whether the kernel of the reader takes this constant from the instruction that names it. */
static bool
takes(const struct vtl_plan *plan, const struct plan_instruction *reader, uint32_t constant)
{
    switch (reader->op) {
    case PLAN_ADD:
    case PLAN_SUBTRACT:
    case PLAN_MULTIPLY:
    case PLAN_EQUAL:
    case PLAN_LESS:
    case PLAN_NOT_LESS:
        return !is_constant(plan, reader->a) || !is_constant(plan, reader->b);
    case PLAN_NVL:
        return constant != reader->a;
    case PLAN_SUBSTR:
        return constant != reader->a && is_constant(plan, reader->b)
               && is_constant(plan, reader->c);
    default:
        return false;
    }
}

/* Constants that somebody reads from a register keep one, the others need none. */
static void
find_immediates(struct vtl_plan *plan)
{
    for (size_t i = 0; i < plan->instruction_count; i++) {
        plan->instructions[i].immediate = plan_is_constant(&plan->instructions[i]);
    }
    for (size_t i = 0; i < plan->instruction_count; i++) {
        const struct plan_instruction *reader = &plan->instructions[i];
        const uint32_t                 operands[] = {reader->a, reader->b, reader->c};

        for (size_t j = 0; j < ARRAY_COUNT(operands); j++) {
            if (operands[j] != PLAN_NONE && is_constant(plan, operands[j])
                && !takes(plan, reader, operands[j])) {
                plan->instructions[operands[j]].immediate = false;
            }
        }
    }
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
    if (operand == PLAN_NONE || last_use[operand] != reader || plan->instructions[operand].pinned
        || plan->instructions[operand].immediate) {
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
        struct plan_instruction *in = &plan->instructions[i];
        in->pinned = in->op <= PLAN_TEXT && !in->immediate;
        pinned += in->pinned ? 1 : 0;
    }
}

static void
assign_slots(struct vtl_plan *plan, struct free_slots *free_slots, uint32_t *last_use)
{
    for (uint32_t i = 0; i < plan->instruction_count; i++) {
        struct plan_instruction *instruction = &plan->instructions[i];
        enum plan_class class = plan_class(instruction->op);
        struct free_slots *pool = &free_slots[class];

        if (instruction->immediate) {
            continue;
        }
        instruction->slot = pool->count > 0 && !instruction->pinned
                                ? pool->slots[--pool->count]
                                : (uint32_t)plan->slot_count[class]++;
        release(plan, free_slots, last_use, instruction->a, i);
        release(plan, free_slots, last_use, instruction->b, i);
        release(plan, free_slots, last_use, instruction->c, i);
        release(plan, free_slots, last_use, i, i); /* nobody reads it */
    }
}

/* The register behind the last slot is nobody's: no row of it is null, none has failed. */
static void
place_immediates(struct vtl_plan *plan)
{
    for (size_t i = 0; i < plan->instruction_count; i++) {
        if (plan->instructions[i].immediate) {
            plan->instructions[i].slot = (uint32_t)plan->slot_count[PLAN_CLASS_NARROW];
        }
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
    find_immediates(plan);
    pin_constants(plan);
    assign_slots(plan, free_slots, last_use);
    place_immediates(plan);
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
