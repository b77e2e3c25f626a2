#ifndef VALIDATORS_RULES_ALIKE_H
#define VALIDATORS_RULES_ALIKE_H

#include "validators/columns/columns.h"

/*
 * Which positions carry the same codes. Rows are sorted by counting, column by column, over the
 * small numbers that stand for the codes, so the cost is linear in rows and distinct codes whatever
 * the codes are: there is no hash that a hostile file could make collide.
 */

/* Some rows of a report, ascending, and the columns that are compared. */
struct alike_question {
    const struct columns *columns;
    unsigned              mask; /* bit i: code column i */
    const uint32_t       *rows;
    size_t                row_count;
};

/*
 * first[i]: index into rows of the first row with the same codes as rows[i]; i itself if there is
 * none before it. An absent code equals an absent code. False when scratch is full.
 */
MUST_USE bool alike_first(struct arena *scratch, const struct alike_question *question,
                          uint32_t *first);

#endif
