#ifndef VALIDATORS_VTL_CODE_H
#define VALIDATORS_VTL_CODE_H

#include "validators/vtl/plan.h"

/*
 * Instructions being written, with merging of equal ones (value numbering) and with the inference
 * of scale and width. An instruction is named by its number. A full arena sets `full`, once; the
 * writer asks at the end, as with buf.
 */
struct code {
    struct arena            *arena;
    struct plan_instruction *instructions;
    size_t                   count;
    size_t                   capacity;
    uint32_t                *table; /* of numbers + 1, open addressing; 0: empty */
    size_t                   table_size;
    bool                     full;
    bool                     capped; /* a scale was cut to VTL_SCALE_MAX since this was cleared */
};

MUST_USE bool code_create(struct arena *arena, struct code *out);

/* The number of this instruction, or of an equal earlier one. */
uint32_t code_emit(struct code *code, struct plan_instruction instruction);

/* An operation whose result is no number. */
uint32_t code_truth(struct code *code, enum plan_op op, uint32_t a, uint32_t b);
uint32_t code_other(struct code *code, enum plan_op op, uint32_t a, uint32_t b, uint32_t c);

uint32_t code_number(struct code *code, amount_wide number, int scale);
uint32_t code_null(struct code *code); /* of numbers */

/* Bring two numbers to one scale and one width. */
void code_align(struct code *code, uint32_t *a, uint32_t *b);

uint32_t code_add(struct code *code, uint32_t a, uint32_t b);
uint32_t code_subtract(struct code *code, uint32_t a, uint32_t b);
uint32_t code_multiply(struct code *code, uint32_t a, uint32_t b);
uint32_t code_divide(struct code *code, uint32_t a, uint32_t b);
uint32_t code_mod(struct code *code, uint32_t a, uint32_t b);
uint32_t code_abs(struct code *code, uint32_t a);

/* op: PLAN_WIDE_ROUND, TRUNC, FLOOR or CEIL to digits behind (negative: before) the point. */
uint32_t code_round(struct code *code, enum plan_op op, uint32_t a, int digits);

/* PLAN_EQUAL, PLAN_LESS and PLAN_NOT_LESS of numbers; nvl and select of numbers. */
uint32_t code_compare(struct code *code, enum plan_op op, uint32_t a, uint32_t b);
uint32_t code_nvl(struct code *code, uint32_t a, uint32_t b);
uint32_t code_select(struct code *code, uint32_t condition, uint32_t a, uint32_t b);

#endif
