#ifndef TESTS_SUPPORT_POSTING_H
#define TESTS_SUPPORT_POSTING_H

#include "tests/support/dice.h"
#include "tests/support/twin.h"
#include "validators/base/err.h"

#include <stdint.h>

/*
 * Made-up rows (Pozycja) of Rb-27S and Rb-28S that keep every rule inside the form (domain.md 2.1):
 * positions unique and sorted; NA - PO - DW = NO - NP, NZ <= NO; WW <= ZA <= PL, ZW = LU + RB,
 * ZW <= ZO, WFS <= WW; Grupa as the paragraph asks. A zero amount is left out when written.
 *
 * Few rows use only the chapters and paragraphs of the sample files; more rows use real chapters
 * of the budget classification, then also P4, then chapters that do not exist (digits only).
 */
enum posting_form { POSTING_RB27S, POSTING_RB28S, POSTING_FORM_COUNT };

enum {
    POSTING_AMOUNTS_MAX = 11,
    POSTING_ROWS_MAX = 1000000,
};

/* What rows show beyond the sample files. Bits. */
enum posting_trait {
    POSTING_DEDUCTIONS = 1U << 0U,   /* PO */
    POSTING_TAXES = 1U << 1U,        /* SO, SU, UZ, OT on tax paragraphs */
    POSTING_LIABILITIES = 1U << 2U,  /* ZW, LU, RB, WN, WFS */
    POSTING_REMARKS = 1U << 3U,      /* Uwagi behind the amounts of the first row */
    POSTING_PLAN_ABSENT = 1U << 4U,  /* no PL in the first row of Rb-27S */
    POSTING_P4 = 1U << 5U,           /* P4 other than 0 in every row */
    POSTING_PLAN_AND_DONE = 1U << 6U /* only PL and DW, PL and WW: the monthly type */
};

struct posting {
    int     chapter; /* rozdział; dział = chapter / 100 */
    int     paragraph;
    int     p4;
    int     group;                        /* Grupa; 0: none */
    int64_t amounts[POSTING_AMOUNTS_MAX]; /* grosze, in the column order of the form */
};

/* count sorted rows into rows. Fails with ERR_USAGE when count > POSTING_ROWS_MAX, ERR_MEMORY. */
MUST_USE enum err posting_fill(struct arena *arena, struct dice *dice, enum posting_form form,
                               unsigned traits, size_t count, struct posting **rows,
                               struct fault *fault);

/* <Pozycja>...</Pozycja> */
void posting_write(struct twin *twin, enum posting_form form, const struct posting *row,
                   bool remarks);

#endif
