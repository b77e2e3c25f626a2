#ifndef VALIDATORS_RELATION_COMBINATION_H
#define VALIDATORS_RELATION_COMBINATION_H

#include "validators/relation/relation.h"

/*
 * Relations as sets of rows, which are the same if their identifiers are (Reference Manual, Set
 * operators). Operands have the same components, in any order: by name, role, type and scale, else
 * ERR_USAGE; the result has the order of the first. Of rows that are the same the one of the
 * leftmost operand is taken, with its lanes; rows come in the order of the operands. Linear.
 */
enum combination_operator {
    COMBINATION_UNION,
    COMBINATION_INTERSECT, /* in all operands */
    COMBINATION_SETDIFF,   /* in the first of two, not in the second */
    COMBINATION_SYMDIFF,   /* in exactly one of two */
};

enum { COMBINATION_OPERANDS_MAX = 64 };

struct combination {
    enum combination_operator     operation;
    const struct relation *const *operands;
    size_t                        count; /* 1 .. COMBINATION_OPERANDS_MAX; of the last two: 2 */
};

MUST_USE enum err combination_run(struct arena *arena, const struct combination *combination,
                                  struct relation *out, struct fault *fault);

#endif
