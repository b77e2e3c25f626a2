#ifndef VALIDATORS_VTL_TERMS_H
#define VALIDATORS_VTL_TERMS_H

#include "validators/vtl/vtl.h"

/*
 * What the sides of a rule's comparison add up, read from the compiled plan: nvl(A1, 0) + nvl(A2,
 * 0) has the terms A1 and A2.
 */
enum terms_side { TERMS_LEFT, TERMS_RIGHT };

/* One component of a sum. */
struct term {
    uint32_t component;
    bool     negative; /* it is taken off */
    bool     absolute; /* its absolute value */
};

enum { TERMS_MAX = 64 };

/*
 * The terms of a side as it is written: components and their absolute values, with nvl(.., 0) round
 * them. Fills at most TERMS_MAX and returns how many; 0: the side is no such sum of two or more.
 */
size_t terms_find(const struct vtl_plan *plan, size_t rule, enum terms_side side, struct term *out);

#endif
