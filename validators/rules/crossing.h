#ifndef VALIDATORS_RULES_CROSSING_H
#define VALIDATORS_RULES_CROSSING_H

#include "validators/rules/answers.h"

/*
 * The same for forms of lines: a cell stands at the crossing of a line and a column of amounts, and
 * the rules of both views read it. A slip in one cell makes sums of lines and comparisons of
 * columns false at once; for each amount the change that would balance one of them is tried on all
 * rules of both. Of a finding that cell is told whose change alone would clear it and the most
 * others with it, makes no other rule false, and has no equal. It is a hint of where to look first,
 * never an amount to enter: the amount is not told.
 */
enum {
    CROSSING_CELLS_MAX = 256, /* cells that are tried, in the order of lines and columns */
    CROSSING_KEPT_MAX = 64,   /* of those, cells that would clear two findings or more */
};

/* The answers of one view, and which of its formulas the sender is shown (bit i). */
struct crossing_side {
    const struct answers *answers; /* whose formulas may have no plan */
    uint64_t              shown;
};

/* By enum formulas_view. */
enum { CROSSING_VIEWS = FORMULAS_BY_COLUMN + 1 };

struct crossing {
    size_t   line;
    size_t   slot;
    uint32_t row; /* of the line's position, from 1; 0: it does not stand there */
    uint64_t cleared[CROSSING_VIEWS];
};

struct crossings {
    struct crossing items[CROSSING_KEPT_MAX];
    size_t          count;
};

/*
 * A search that takes more memory than it is given ends there: a hint is not worth an error, and
 * what was found until then is told.
 */
void crossing_search(struct inspection         *inspection,
                     const struct crossing_side sides[CROSSING_VIEWS], struct crossings *out);

/*
 * The cell to look at first for a finding of formula i of a view, in a row of that view, in the
 * form's words; .data NULL: none.
 */
struct str crossing_of(struct inspection *inspection, const struct crossings *crossings,
                       enum formulas_view view, size_t formula, uint32_t row);

#endif
