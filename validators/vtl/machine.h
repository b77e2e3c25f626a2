#ifndef VALIDATORS_VTL_MACHINE_H
#define VALIDATORS_VTL_MACHINE_H

#include "validators/vtl/plan.h"
#include "validators/vtl/texts.h"

/*
 * Running a plan: registers of VTL_CHUNK_ROWS rows, and kernels, one per operation, that fill one
 * register from others. A row is null where present[i] == 0 (numbers), truth is VTL_NULL or the
 * string is 0; `failed` marks rows that overflowed or divided by zero, and dominates. A NULL mask
 * means that all rows are present, or that none has failed: the normal case costs nothing.
 */
struct machine_register {
    const void *values;  /* int64_t, amount_wide, uint8_t or uint32_t, by class; own or a column */
    uint8_t    *present; /* NULL: all. Of numbers only */
    uint8_t    *failed;  /* NULL: none */
    void       *own;     /* memory of this register */
    uint8_t    *own_present;
    uint8_t    *own_failed;
};

struct memo;
struct machine;

typedef void machine_kernel(struct machine *machine, const struct plan_instruction *instruction);

struct machine {
    struct arena                  *scratch;
    const struct vtl_plan         *plan;
    const struct vtl_data         *data;
    struct machine_register       *registers[PLAN_CLASSES];
    struct texts                  *texts; /* NULL unless plan.uses_texts */
    struct memo                   *memos; /* per instruction; memo.h */
    const uint32_t                *rows;  /* NULL: the rows from first_row on */
    size_t                         first_row;
    size_t                         count;       /* rows of this chunk */
    bool                           memory;      /* cleared when scratch was full */
    const struct plan_instruction *instruction; /* being run */
    machine_kernel                *kernels[PLAN_OPS];
};

/* Registers for chunks of so many rows, strings, kernels. ERR_MEMORY. */
MUST_USE enum err machine_prepare(struct machine *machine, size_t rows, struct fault *fault);

struct machine_register *machine_register(const struct machine *machine, uint32_t instruction);
struct machine_register *machine_target(const struct machine *machine);

/* present and failed of an operation that is null (has failed) where any of its operands is. */
void machine_strict(const struct machine *machine, const struct plan_instruction *instruction);

/* failed of the operation alone: any operand's. */
void machine_fail_with(const struct machine *machine, const struct plan_instruction *instruction);

/* failed of c == VTL_TRUE ? a : b. */
void machine_fail_selected(const struct machine          *machine,
                           const struct plan_instruction *instruction);

/* The kernel of an operation, NULL if the file does not have it. */
machine_kernel *narrow_kernel(enum plan_op op);
machine_kernel *wide_kernel(enum plan_op op);
machine_kernel *truth_kernel(enum plan_op op);
machine_kernel *text_kernel(enum plan_op op);
machine_kernel *load_kernel(enum plan_op op);

#endif
