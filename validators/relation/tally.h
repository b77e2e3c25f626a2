#ifndef VALIDATORS_RELATION_TALLY_H
#define VALIDATORS_RELATION_TALLY_H

#include "validators/relation/aggregate.h"

/* One term of an aggregation: a cell for each group of rows, whose number is given for each row. */
struct tally {
    struct arena          *arena;   /* of the result */
    struct arena          *scratch; /* of everything else */
    const struct relation *in;
    const uint32_t        *numbers;
    size_t                 group_count;
};

/* ERR_LIMIT: a sum leaves 128 bits. */
MUST_USE enum err tally_run(const struct tally *tally, const struct aggregate_term *term,
                            struct relation_column *out, struct fault *fault);

#endif
