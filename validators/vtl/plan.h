#ifndef VALIDATORS_VTL_PLAN_H
#define VALIDATORS_VTL_PLAN_H

#include "validators/vtl/data.h"
#include "validators/vtl/vtl.h"

/*
 * A compiled ruleset: a straight line of instructions over columns. An instruction reads only
 * earlier ones; equal ones have been merged over all rules. Each writes a register ("slot"), which
 * is used anew after its last reader. Numbers are narrow (int64) where their width is proven, else
 * wide (128 bits, checked). Truth is VTL_FALSE < VTL_NULL < VTL_TRUE, so that and = min, or = max.
 */
__extension__ typedef unsigned __int128 plan_bound; /* |value| <= bound */

#define PLAN_WIDE_MAX ((plan_bound)-1 >> 1)

enum plan_op {
#define PLAN_OP(name, class) PLAN_##name,
#include "validators/vtl/plan.def"
#undef PLAN_OP
    PLAN_OPS,
};

#define PLAN_NONE UINT32_MAX

enum plan_class {
    PLAN_CLASS_NARROW,
    PLAN_CLASS_WIDE,
    PLAN_CLASS_TRUTH,
    PLAN_CLASS_TEXT,
    PLAN_CLASSES
};

struct plan_instruction {
    enum plan_op op; /* identity, for merging: from here ... */
    uint32_t     a;  /* operands are numbers of instructions; PLAN_NONE: unused */
    uint32_t     b;
    uint32_t     c;
    uint32_t     index;
    int          scale; /* of numbers */
    bool         null;  /* the constant null */
    amount_wide  number;
    struct str   text; /* ... to here */

    plan_bound bound;     /* of numbers */
    uint32_t   slot;      /* of its class */
    bool       pinned;    /* a constant whose register is its own: filled once per run */
    bool       immediate; /* a constant that all its readers take from here: never run */
};

struct plan_rule {
    struct vtl_rule rule;
    uint32_t        left; /* instructions; PLAN_NONE unless rule.compares */
    uint32_t        right;
};

struct vtl_plan {
    struct plan_instruction  *instructions;
    size_t                    instruction_count;
    size_t                    slot_count[PLAN_CLASSES];
    struct plan_rule         *rules;
    size_t                    rule_count;
    struct vtl_domain_values *sets; /* of strings, written out in rules */
    size_t                    set_count;
    uint64_t                  components; /* read by any rule */
    size_t                    domain_count;
    bool                      uses_texts; /* string constants, functions, sets or domains */
    struct vtl_problem       *notices;
    size_t                    notice_count;
};

enum plan_class plan_class(enum plan_op op); /* of the register it writes */
bool            plan_uses_texts(enum plan_op op);

/* A number that is written in the rule, of 64 bits. */
static inline bool
plan_is_constant(const struct plan_instruction *instruction)
{
    return instruction->op == PLAN_NUMBER && !instruction->null;
}

/* Give every instruction its slot. ERR_MEMORY. */
MUST_USE enum err plan_assign(struct arena *arena, struct vtl_plan *plan, struct fault *fault);

/* Mark in needed[] what the two instructions (or one twice) depend on, themselves included. */
void plan_mark(const struct vtl_plan *plan, uint32_t first, uint32_t second, uint8_t *needed);

#endif
