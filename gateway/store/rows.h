#ifndef GATEWAY_STORE_ROWS_H
#define GATEWAY_STORE_ROWS_H

#include "validators/base/moment.h"
#include "validators/base/uuid.h"

/*
 * Rows of an answer, in PostgreSQL's binary form; they live in the arena that was given to the
 * call. To read a column as what it is not, or a row that is not there, is a bug of the caller.
 * NULL reads as zero, false, the text without .data.
 */
struct store_rows {
    size_t count;
    void  *result; /* libpq's */
};

size_t     store_row_count(const struct store_rows *rows);
bool       store_is_null(const struct store_rows *rows, size_t row, size_t column);
int64_t    store_number(const struct store_rows *rows, size_t row, size_t column); /* 2, 4, 8 */
bool       store_truth(const struct store_rows *rows, size_t row, size_t column);
struct str store_text(const struct store_rows *rows, size_t row, size_t column); /* borrowed;
                                                                   text, bytea, json, jsonb */
struct uuid store_uuid(const struct store_rows *rows, size_t row, size_t column);
instant     store_instant(const struct store_rows *rows, size_t row, size_t column);
struct date store_date(const struct store_rows *rows, size_t row, size_t column);

#endif
