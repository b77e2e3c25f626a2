#ifndef VALIDATORS_VTL_CLAUSE_H
#define VALIDATORS_VTL_CLAUSE_H

#include "validators/vtl/pending.h"

/*
 * Clauses of a dataset: [filter ...] and the like; in a join they stand without brackets. Each
 * call stands behind a finished expression; *want: another must follow.
 */

/* At "[", behind a dataset. */
MUST_USE enum err clause_open(struct pending *pending, bool *want);

/* Where the clause that begins here may stand in a join, from 1; 0: nowhere, or none begins. */
uint8_t clause_order(const struct token *token);

/* At the word of a clause. */
MUST_USE enum err clause_read(struct pending *pending, bool in_join, bool *want);

/* Behind an expression in what is open on top: OPEN_CLAUSE, OPEN_ASSIGN, OPEN_HAVING. */
MUST_USE enum err clause_step(struct pending *pending, bool *want);

/* "group by ... having", if it stands here. *want: a condition follows. */
MUST_USE enum err clause_group(struct pending *pending, bool *want);

#endif
