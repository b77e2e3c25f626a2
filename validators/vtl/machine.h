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
    void       *own;     /* memory of this register; NULL: its values always lie in a column */
    uint8_t    *own_present; /* NULL until somebody needs it: machine_present */
    uint8_t    *own_failed;  /* likewise: machine_failed */
};

struct memo;
struct machine;

typedef void machine_kernel(struct machine *machine, const struct plan_instruction *instruction);

struct machine {
    struct arena             *scratch;
    const struct vtl_plan    *plan;
    const struct vtl_data    *data;
    struct machine_register **registers; /* per instruction: the one that it writes */
    struct texts             *texts;     /* NULL unless plan.uses_texts */
    struct memo              *memos;     /* per instruction; memo.h */
    uint64_t                  whole;     /* bit i: component i is known to be present in every
                                            row of this chunk */
    const uint32_t                *rows; /* NULL: the rows from first_row on */
    size_t                         first_row;
    size_t                         row_max;     /* of a chunk */
    size_t                         count;       /* rows of this chunk */
    bool                           memory;      /* cleared when scratch was full */
    const struct plan_instruction *instruction; /* being run */
    const uint8_t                 *all_true;    /* a chunk of truth: a register that reads from
                                                   here is known to be true in every row */
    uint8_t        *spare;                      /* a mask that nobody relies on */
    machine_kernel *kernels[PLAN_OPS];
};

/*
 * Compiled for AVX2 and AVX-512 as well, of which the machine takes what it has: plain loops
 * that a compiler turns into vectors.
 */
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__clang__)
#define MACHINE_WIDE_VECTORS __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define MACHINE_WIDE_VECTORS
#endif

/* A loop over rows that becomes part of the kernel that names its operation. */
#define MACHINE_PART static inline __attribute__((always_inline))

/*
 * Registers for chunks of so many rows, strings, kernels; machine.rows says by now whether rows
 * are asked for one by one. ERR_MEMORY.
 */
MUST_USE enum err machine_prepare(struct machine *machine, size_t rows, struct fault *fault);

/* Whether nothing is to be done for this instruction in this chunk. */
static inline bool
machine_skips(const struct machine *machine, const struct plan_instruction *instruction)
{
    return instruction->immediate || (instruction->pinned && machine->first_row > 0);
}

/* Memory of a register's masks. When scratch is full, the spare one; the run then ends. */
uint8_t *machine_present(struct machine *machine, struct machine_register *it);
uint8_t *machine_failed(struct machine *machine, struct machine_register *it);

/* What an instruction writes; what the one being run writes. */
static inline struct machine_register *
machine_register(const struct machine *machine, uint32_t instruction)
{
    return machine->registers[instruction];
}

static inline struct machine_register *
machine_target(const struct machine *machine)
{
    return machine->registers[machine->instruction - machine->plan->instructions];
}

/* present and failed of an operation that is null (has failed) where any of its operands is. */
void machine_strict(struct machine *machine, const struct plan_instruction *instruction);

/* failed of the operation alone: any operand's. */
void machine_fail_with(struct machine *machine, const struct plan_instruction *instruction);

/* failed of c == VTL_TRUE ? a : b. */
void machine_fail_selected(struct machine *machine, const struct plan_instruction *instruction);

/* The kernel of an operation, NULL if the file does not have it. */
machine_kernel *narrow_kernel(enum plan_op op);
machine_kernel *comparison_kernel(enum plan_op op);
machine_kernel *alternative_kernel(enum plan_op op);
machine_kernel *wide_kernel(enum plan_op op);
machine_kernel *truth_kernel(enum plan_op op);
machine_kernel *text_kernel(enum plan_op op);
machine_kernel *load_kernel(enum plan_op op);

#endif
