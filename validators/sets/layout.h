#ifndef VALIDATORS_SETS_LAYOUT_H
#define VALIDATORS_SETS_LAYOUT_H

#include "validators/catalogue/catalogue.h"
#include "validators/relation/relation.h"

/* The components of an operand's dataset (dataset.h), by number: the codes of the form stand
 * between the fixed ones, the column and the amount come last. */
enum {
    LAYOUT_SET,
    LAYOUT_UNIT,
    LAYOUT_VARIANT,
    LAYOUT_ROW,
    LAYOUT_KIND,
    LAYOUT_CODES, /* the first of them */
};

size_t layout_count(const struct form *form);
size_t layout_column(const struct form *form);
size_t layout_amount(const struct form *form);

/* NULL: the arena is full. */
const struct relation_component *layout_make(struct arena *arena, const struct form *form);

#endif
