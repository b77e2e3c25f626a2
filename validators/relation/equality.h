#ifndef VALIDATORS_RELATION_EQUALITY_H
#define VALIDATORS_RELATION_EQUALITY_H

#include "validators/relation/relation.h"

/*
 * Whether two relations say the same, for tests and for "what has changed": the same components by
 * name (role, type and scale; their order is free), the same rows by identifiers (their order is
 * free), the same cells. Lanes are not looked at. Both have distinct identifiers and one
 * vocabulary.
 */
enum equality_verdict {
    EQUALITY_SAME,
    EQUALITY_COMPONENTS,  /* one is missing or of another role, type or scale */
    EQUALITY_ROW_MISSING, /* row of left has no counterpart, or of right if row == NOWHERE */
    EQUALITY_CELL,
};

struct equality {
    enum equality_verdict verdict;
    size_t                component; /* of left; RELATION_NONE: one that only right has */
    uint32_t              left_row;  /* or RELATION_NOWHERE */
    uint32_t              right_row;
};

/* The first difference. */
MUST_USE enum err equality_judge(struct arena *arena, const struct relation *left,
                                 const struct relation *right, struct equality *out,
                                 struct fault *fault);

#endif
