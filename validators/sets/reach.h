#ifndef VALIDATORS_SETS_REACH_H
#define VALIDATORS_SETS_REACH_H

#include "validators/relation/relation.h"
#include "validators/vtl/vtl.h"

/*
 * Which cells of a dataset a script can look at, by the column of amounts that they stand in: where
 * it filters the dataset at once, as in RB27S [filter Kolumna = "DW" and ...], cells of other
 * columns are left out before anything is counted, and need not be read. Knows nothing of data.
 * Whatever is not plainly such a filter looks at all columns.
 */
struct reach_question {
    const struct vtl_script *script;
    struct str               dataset;
    struct str               component; /* that names the column: "Kolumna" */
    const struct relation   *structure; /* of the dataset */
};

/* *out: whether a cell whose component is `value` may be looked at. ERR_MEMORY: scratch is full. */
MUST_USE enum err reach_find(struct arena *scratch, const struct reach_question *question,
                             struct str value, bool *out, struct fault *fault);

#endif
