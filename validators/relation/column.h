#ifndef VALIDATORS_RELATION_COLUMN_H
#define VALIDATORS_RELATION_COLUMN_H

#include "validators/relation/relation.h"

/*
 * Making columns that keep the promises of struct relation_column.
 */

/* From computed numbers, narrow if they all fit. values and states (may be NULL) stay borrowed
 * where they can; cells that are not present are set to 0 in what is made. */
MUST_USE enum err column_of_wide(struct arena *arena, const amount_wide *values,
                                 const uint8_t *states, size_t count, struct relation_column *out,
                                 struct fault *fault);

/* The same value in every row. Of RELATION_STRING its number is an id. */
MUST_USE enum err column_of_value(struct arena *arena, enum relation_type type,
                                  struct relation_value value, size_t count,
                                  struct relation_column *out, struct fault *fault);

/* rows of column in a new order; RELATION_NOWHERE gives null. */
MUST_USE enum err column_gather(struct arena *arena, const struct relation_column *column,
                                const uint32_t *rows, size_t count, struct relation_column *out,
                                struct fault *fault);

/* Cells of several columns one behind another: from columns[which[i]] row rows[i]. All of one type.
 */
struct column_pick {
    const struct relation_column *columns;
    size_t                        column_count;
    const uint8_t                *which;
    const uint32_t               *rows;
    size_t                        count;
};

MUST_USE enum err column_of_pick(struct arena *arena, const struct column_pick *pick,
                                 struct relation_column *out, struct fault *fault);

/* Multiplied by 10 to the digits (0 .. RELATION_SCALE_MAX). ERR_LIMIT if a value leaves 128 bits.
 */
MUST_USE enum err column_raise(struct arena *arena, const struct relation_column *column,
                               int digits, size_t count, struct relation_column *out,
                               struct fault *fault);

enum relation_state   column_state(const struct relation_column *column, size_t row);
struct relation_value column_value(const struct relation_column *column, size_t row);

#endif
