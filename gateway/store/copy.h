#ifndef GATEWAY_STORE_COPY_H
#define GATEWAY_STORE_COPY_H

#include "validators/base/err.h"
#include "validators/base/moment.h"
#include "validators/base/uuid.h"

/*
 * COPY target FROM STDIN (FORMAT BINARY), target like "intake.line (report, ordinal, ...)" with
 * `columns` columns. Begin each row, fill it field by field, then end. One at a time on a
 * connection, inside a transaction. The first failure sticks and is told at the end; a copy that is
 * left unfinished ends with the rollback.
 */
struct store;
struct store_copy;

MUST_USE enum err store_copy_begin(struct store *store, struct arena *arena, const char *target,
                                   size_t columns, struct store_copy **out, struct fault *fault);
void              store_copy_row(struct store_copy *copy);
void              store_copy_number(struct store_copy *copy, int64_t number);
void              store_copy_integer(struct store_copy *copy, int32_t number);
void              store_copy_small(struct store_copy *copy, int16_t number);
void              store_copy_truth(struct store_copy *copy, bool value);
void              store_copy_text(struct store_copy *copy, struct str text); /* data NULL: NULL */
void              store_copy_bytes(struct store_copy *copy, struct str bytes);
void              store_copy_uuid(struct store_copy *copy, struct uuid uuid);
void              store_copy_instant(struct store_copy *copy, instant at);
void              store_copy_date(struct store_copy *copy, struct date date);
/* integer[]: first, first + 1, ..., `count` of them, at most 16,000. */
void              store_copy_run(struct store_copy *copy, int32_t first, size_t count);
void              store_copy_null(struct store_copy *copy);
MUST_USE enum err store_copy_end(struct store_copy *copy, struct fault *fault);

#endif
