#ifndef VALIDATORS_SETS_SIDE_H
#define VALIDATORS_SETS_SIDE_H

#include "validators/evaluation/evaluation.h"
#include "validators/relation/origin.h"
#include "validators/vtl/vtl.h"

/*
 * Which operands of a rule's join the side that a report is held against adds up, and which it
 * takes off, read from the script: of
 *
 *     ... <- full_join(STRONA as s, SUMA as p, MINUS as m)
 *            [calc Jest := nvl(N, 0), Powinno := nvl(D, 0) - nvl(M, 0)] ...
 *
 * the lane of SUMA with plus, that of MINUS with minus. A side that is anything else than such a
 * sum is not known, and nobody lists what it is made of.
 */
struct side {
    bool known;
    int  signs[RELATION_LANES_MAX]; /* of the result's lanes: 1, -1, or 0 for no part of it */
};

/* From a script that fits its datasets, and what it came to with them (rows or none). */
struct side side_find(const struct vtl_script *script, const struct evaluation *evaluation);

#endif
