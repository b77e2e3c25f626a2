#ifndef GATEWAY_STORE_PARAMETERS_H
#define GATEWAY_STORE_PARAMETERS_H

#include "validators/base/moment.h"
#include "validators/base/uuid.h"

/*
 * Parameters of one statement, in order, in PostgreSQL's binary form. Texts must be without NUL;
 * .data == NULL is SQL's NULL, also as an item of an array. Values are borrowed until the call.
 * Arrays are one-dimensional. An arena that is full makes the call fail, not the put.
 */
enum { STORE_PARAMETERS_MAX = 32 };

struct store_parameters {
    struct arena *arena; /* for the encoded values */
    size_t        count;
    bool          starved;
    const char   *values[STORE_PARAMETERS_MAX];
    int           sizes[STORE_PARAMETERS_MAX];
    unsigned      types[STORE_PARAMETERS_MAX]; /* OID */
};

/* The types that store_put_null can name. */
enum {
    STORE_TRUTH = 16,
    STORE_BYTES = 17,
    STORE_NUMBER = 20,
    STORE_INTEGER = 23,
    STORE_TEXT = 25,
    STORE_DATE = 1082,
    STORE_INSTANT = 1184,
    STORE_UUID = 2950,
};

struct store_parameters store_parameters_create(struct arena *arena);
void store_put_number(struct store_parameters *parameters, int64_t number); /* bigint */
void store_put_integer(struct store_parameters *parameters, int32_t number);
void store_put_truth(struct store_parameters *parameters, bool value);
void store_put_text(struct store_parameters *parameters, struct str text);
void store_put_bytes(struct store_parameters *parameters, struct str bytes); /* bytea */
void store_put_uuid(struct store_parameters *parameters, struct uuid uuid);
void store_put_instant(struct store_parameters *parameters, instant at); /* timestamptz */
void store_put_date(struct store_parameters *parameters, struct date date);
void store_put_day(struct store_parameters *parameters, struct date day); /* year 0: NULL */
void store_put_null(struct store_parameters *parameters, unsigned type);
void store_put_numbers(struct store_parameters *parameters, const int64_t *items, size_t count);
void store_put_texts(struct store_parameters *parameters, const struct str *items, size_t count);
void store_put_uuids(struct store_parameters *parameters, const struct uuid *items, size_t count);
void store_put_byte_strings(struct store_parameters *parameters, const struct str *items,
                            size_t count);

#endif
