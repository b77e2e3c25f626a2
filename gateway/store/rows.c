#include "gateway/store/rows.h"

#include "gateway/store/binary.h"

#include <libpq-fe.h>
#include <string.h>

enum { JSONB = 3802 };

/* The bytes of one value, after the sentinel of a bug: a row or column that is not there. */
static struct str
value_at(const struct store_rows *rows, size_t row, size_t column)
{
    const PGresult *result = rows->result;

    ENSURE(result != NULL && row < rows->count && column < (size_t)PQnfields(result));
    if (PQgetisnull(result, (int)row, (int)column) != 0) {
        return (struct str){0};
    }
    return (struct str){PQgetvalue(result, (int)row, (int)column),
                        (size_t)PQgetlength(result, (int)row, (int)column)};
}

size_t
store_row_count(const struct store_rows *rows)
{
    return rows->count;
}

bool
store_is_null(const struct store_rows *rows, size_t row, size_t column)
{
    return value_at(rows, row, column).data == NULL;
}

int64_t
store_number(const struct store_rows *rows, size_t row, size_t column)
{
    struct str value = value_at(rows, row, column);

    if (value.data == NULL) {
        return 0;
    }
    if (value.size == sizeof(int16_t)) {
        return binary_read16(value.data);
    }
    if (value.size == sizeof(int32_t)) {
        return binary_read32(value.data);
    }
    ENSURE(value.size == sizeof(int64_t));
    return binary_read64(value.data);
}

bool
store_truth(const struct store_rows *rows, size_t row, size_t column)
{
    struct str value = value_at(rows, row, column);

    ENSURE(value.data == NULL || value.size == 1);
    return value.data != NULL && value.data[0] != 0;
}

struct str
store_text(const struct store_rows *rows, size_t row, size_t column)
{
    struct str value = value_at(rows, row, column);

    /* The binary form of jsonb begins with the number of its version. */
    if (value.size > 0 && PQftype(rows->result, (int)column) == JSONB) {
        return str_slice(value, 1, value.size - 1);
    }
    return value;
}

struct uuid
store_uuid(const struct store_rows *rows, size_t row, size_t column)
{
    struct str  value = value_at(rows, row, column);
    struct uuid uuid = {0};

    if (value.data != NULL) {
        ENSURE(value.size == UUID_SIZE);
        memcpy(uuid.bytes, value.data, UUID_SIZE);
    }
    return uuid;
}

instant
store_instant(const struct store_rows *rows, size_t row, size_t column)
{
    struct str value = value_at(rows, row, column);

    ENSURE(value.data == NULL || value.size == sizeof(int64_t));
    return value.data == NULL ? 0 : binary_to_instant(binary_read64(value.data));
}

struct date
store_date(const struct store_rows *rows, size_t row, size_t column)
{
    struct str value = value_at(rows, row, column);

    ENSURE(value.data == NULL || value.size == sizeof(int32_t));
    return value.data == NULL ? (struct date){0} : binary_to_date(binary_read32(value.data));
}
