#ifndef GATEWAY_SETBOOK_TABLE_H
#define GATEWAY_SETBOOK_TABLE_H

#include "gateway/store/store.h"

/*
 * Rows to be written by one statement, as one array for each column. The kinds of the columns are a
 * text: 'n' numbers, 't' texts, 'u' uuids (nil is NULL there, and so is a number behind one).
 */
enum { TABLE_COLUMNS_MAX = 24 };

struct table {
    const char *kinds;
    size_t      count;
    void       *columns[TABLE_COLUMNS_MAX];
};

/* Room for so many rows. ERR_MEMORY. */
MUST_USE enum err table_create(struct arena *arena, const char *kinds, size_t rows,
                               struct table *out, struct fault *fault);

/* A value of the row that is being filled; table_next ends it. An absent text is the empty one. */
void table_number(struct table *table, size_t column, int64_t value);
void table_text(struct table *table, size_t column, struct str value);
void table_uuid(struct table *table, size_t column, struct uuid value);
void table_next(struct table *table);

/* The columns from .. to - 1 as the next parameters. */
void table_put(const struct table *table, size_t from, size_t to,
               struct store_parameters *parameters);

#endif
