#ifndef VALIDATORS_EVALUATION_PLACES_H
#define VALIDATORS_EVALUATION_PLACES_H

#include "validators/vtl/script.h"

/*
 * Which nodes of a script are values of their own, datasets or constants, and which belong to a
 * clause or a group and are read by what they stand in; and where the subtree of each begins.
 */
struct places {
    uint8_t  *values; /* 1: a value */
    uint32_t *firsts; /* the nodes firsts[n] .. n are n's subtree */
};

MUST_USE enum err places_find(struct arena *arena, const struct vtl_script *script,
                              struct places *out, struct fault *fault);

#endif
