#ifndef VALIDATORS_RELATION_EXISTENCE_H
#define VALIDATORS_RELATION_EXISTENCE_H

#include "validators/relation/relation.h"

/*
 * exists_in (Reference Manual, Comparison operators: Exists in): whether the values of the common
 * identifiers of each row of left also stand in right. One of the two has all identifiers of the
 * other, else ERR_USAGE. The result has the identifiers and lanes of left and one boolean measure.
 * Without a common identifier the answer is whether right has a row. Linear.
 */
enum existence_retain { EXISTENCE_ALL, EXISTENCE_TRUE, EXISTENCE_FALSE };

struct existence {
    const struct relation *left;
    const struct relation *right;
    enum existence_retain  retain;
    struct str             name; /* of the measure, "bool_var"; borrowed */
};

MUST_USE enum err existence_run(struct arena *arena, const struct existence *existence,
                                struct relation *out, struct fault *fault);

#endif
