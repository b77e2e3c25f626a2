#include "gateway/setbook/table.h"

#include "validators/base/ensure.h"

#include <string.h>

enum err
table_create(struct arena *arena, const char *kinds, size_t rows, struct table *out,
             struct fault *fault)
{
    *out = (struct table){.kinds = kinds};
    ENSURE(strlen(kinds) <= TABLE_COLUMNS_MAX);
    for (size_t i = 0; kinds[i] != '\0'; i++) {
        out->columns[i] = kinds[i] == 'n'   ? (void *)ARENA_NEW(arena, int64_t, rows + 1)
                          : kinds[i] == 't' ? (void *)ARENA_NEW(arena, struct str, rows + 1)
                                            : (void *)ARENA_NEW(arena, struct uuid, rows + 1);
        if (out->columns[i] == NULL) {
            return FAIL(fault, ERR_MEMORY, "%zu rows of a statement", rows);
        }
    }
    return ERR_OK;
}

void
table_number(struct table *table, size_t column, int64_t value)
{
    ENSURE(table->kinds[column] == 'n');
    ((int64_t *)table->columns[column])[table->count] = value;
}

void
table_text(struct table *table, size_t column, struct str value)
{
    ENSURE(table->kinds[column] == 't');
    ((struct str *)table->columns[column])[table->count] = value.data == NULL ? STR("") : value;
}

void
table_uuid(struct table *table, size_t column, struct uuid value)
{
    ENSURE(table->kinds[column] == 'u');
    ((struct uuid *)table->columns[column])[table->count] = value;
}

void
table_next(struct table *table)
{
    table->count++;
}

void
table_put(const struct table *table, size_t from, size_t to, struct store_parameters *parameters)
{
    for (size_t i = from; i < to; i++) {
        if (table->kinds[i] == 'n') {
            store_put_numbers(parameters, table->columns[i], table->count);
        } else if (table->kinds[i] == 't') {
            store_put_texts(parameters, table->columns[i], table->count);
        } else {
            store_put_uuids(parameters, table->columns[i], table->count);
        }
    }
}
