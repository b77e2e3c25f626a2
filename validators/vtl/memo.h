#ifndef VALIDATORS_VTL_MEMO_H
#define VALIDATORS_VTL_MEMO_H

#include "validators/vtl/machine.h"

/*
 * Functions of one string are computed once per distinct string and run, however many rows hold it:
 * a memo keeps, per instruction, the result (+ 1) by the string's number.
 */
struct memo {
    uint32_t *results;
    size_t    size;
};

/* The number of a text, kept; 0 and machine.memory cleared when scratch is full. */
uint32_t memo_number(struct machine *machine, struct str text);

/* The memo of an instruction, long enough for every string there is; NULL: scratch is full. */
uint32_t *memo_open(struct machine *machine, const struct plan_instruction *in);

/* Its result for string `id` (not 0): a string, a length or a truth value, by the operation. */
uint32_t memo_get(struct machine *machine, const struct plan_instruction *in, uint32_t *memo,
                  uint32_t id);

#endif
