#ifndef VALIDATORS_RULES_SUSPECT_H
#define VALIDATORS_RULES_SUSPECT_H

#include "validators/rules/answers.h"

/*
 * The one cell of a position whose change alone would clear the most of its findings. A typing
 * mistake in one amount makes several comparisons false; for each amount that they read the change
 * that would balance one of them is tried on all rules of the form. A cell is suspect when such a
 * change clears two findings or more, makes no other rule false, and no other cell does as well.
 * It is a hint of where to look first, never an amount to enter: the amount is not told.
 */
enum {
    SUSPECT_ROWS_MAX =
        20, /* positions looked at, the first ones; each may cost thousands of runs */
};

struct suspect {
    uint32_t   row;
    struct str column;  /* element name of the amount */
    uint64_t   cleared; /* bit i: formula i of the form is false now, and would not be */
};

struct suspects {
    struct suspect items[SUSPECT_ROWS_MAX];
    size_t         count; /* ascending by row */
};

/*
 * Bit i of `shown`: findings of formula i are shown to the sender. Whatever dies with the search
 * lives in an arena of its own. ERR_MEMORY.
 */
MUST_USE enum err suspect_search(struct inspection *inspection, const struct answers *answers,
                                 uint64_t shown, struct suspects *out, struct fault *fault);

/* The suspect column of a finding of formula i in this row; .data NULL: none. */
struct str suspect_of(const struct suspects *suspects, size_t formula, uint32_t row);

#endif
