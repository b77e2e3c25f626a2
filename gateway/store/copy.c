#include "gateway/store/copy.h"

#include "gateway/store/binary.h"
#include "gateway/store/session.h"

#include <libpq-fe.h>
#include <limits.h>
#include <string.h>

struct store_copy {
    struct store *store;
    const char   *sql;
    int16_t       columns;
    size_t        fields; /* of the row at hand */
    bool          begun;  /* there is a row at hand */
    size_t        size;   /* of what stands in the store's chunk */
};

enum { NULL_SIZE = -1, END_OF_ROWS = -1, FIELD_HEAD = 4, ROW_HEAD = 2, RUN_MAX = 16000 };

/* Signature, flags, length of the extension area. */
static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
enum { HEAD_SIZE = sizeof head - 1 };

/* Hand bytes to libpq and wait until they have left: it would keep any amount. A connection that
 * breaks is seen at the end. */
static void
send_bytes(struct store *store, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size && store->link != NULL; at += SESSION_CHUNK) {
        size_t piece = size - at < SESSION_CHUNK ? size - at : SESSION_CHUNK;
        if (PQputCopyData(store->link, bytes + at, (int)piece) != 1) {
            session_close(store);
        } else if (!session_flush(store)) {
            return;
        }
    }
}

static void
send_chunk(struct store_copy *copy)
{
    send_bytes(copy->store, copy->store->chunk, copy->size);
    copy->size = 0;
}

static char *
room_for(struct store_copy *copy, size_t size)
{
    if (copy->size + size > SESSION_CHUNK) {
        send_chunk(copy);
    }
    char *room = copy->store->chunk + copy->size;
    copy->size += size;
    return room;
}

enum err
store_copy_begin(struct store *store, struct arena *arena, const char *target, size_t columns,
                 struct store_copy **out, struct fault *fault)
{
    struct store_copy *copy = ARENA_NEW(arena, struct store_copy, 1);
    struct str         sql = str_format(arena, "COPY %s FROM STDIN (FORMAT BINARY)", target);

    ENSURE(!store->copying && columns > 0 && columns <= INT16_MAX);
    if (copy == NULL || sql.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "copy into %.60s", target);
    }
    *copy = (struct store_copy){.store = store, .sql = sql.data, .columns = (int16_t)columns};
    TRY(session_need(store, fault));
    ENSURE(PQtransactionStatus(store->link) == PQTRANS_INTRANS
           || PQtransactionStatus(store->link) == PQTRANS_INERROR);
    if (PQsendQuery(store->link, sql.data) == 0) {
        session_close(store);
        return session_need(store, fault);
    }
    PGresult *result = session_answer(store);
    enum err  got = session_judge(store, result, sql.data, fault);
    ENSURE(got != ERR_OK || PQresultStatus(result) == PGRES_COPY_IN);
    PQclear(result);
    TRY(got);
    store->copying = true;
    memcpy(room_for(copy, HEAD_SIZE), head, HEAD_SIZE);
    *out = copy;
    return ERR_OK;
}

void
store_copy_row(struct store_copy *copy)
{
    ENSURE(!copy->begun || copy->fields == (size_t)copy->columns);
    copy->begun = true;
    copy->fields = 0;
    binary_write16(room_for(copy, ROW_HEAD), copy->columns);
}

/* Room for one field of a fixed size, behind its head. */
static char *
field(struct store_copy *copy, size_t size)
{
    ENSURE(copy->begun && copy->fields < (size_t)copy->columns);
    copy->fields++;
    char *room = room_for(copy, FIELD_HEAD + size);
    binary_write32(room, (int32_t)size);
    return room + FIELD_HEAD;
}

void
store_copy_number(struct store_copy *copy, int64_t number)
{
    binary_write64(field(copy, sizeof number), number);
}

void
store_copy_integer(struct store_copy *copy, int32_t number)
{
    binary_write32(field(copy, sizeof number), number);
}

void
store_copy_small(struct store_copy *copy, int16_t number)
{
    binary_write16(field(copy, sizeof number), number);
}

void
store_copy_truth(struct store_copy *copy, bool value)
{
    *field(copy, 1) = value ? 1 : 0;
}

void
store_copy_null(struct store_copy *copy)
{
    binary_write32(field(copy, 0) - FIELD_HEAD, NULL_SIZE);
}

void
store_copy_bytes(struct store_copy *copy, struct str bytes)
{
    ENSURE(bytes.size <= INT_MAX);
    if (bytes.data == NULL) {
        store_copy_null(copy);
        return;
    }
    if (bytes.size + FIELD_HEAD <= SESSION_CHUNK) {
        memcpy(field(copy, bytes.size), bytes.data, bytes.size);
        return;
    }
    binary_write32(field(copy, 0) - FIELD_HEAD, (int32_t)bytes.size);
    send_chunk(copy);
    send_bytes(copy->store, bytes.data, bytes.size);
}

void
store_copy_text(struct store_copy *copy, struct str text)
{
    store_copy_bytes(copy, text);
}

void
store_copy_uuid(struct store_copy *copy, struct uuid uuid)
{
    memcpy(field(copy, UUID_SIZE), uuid.bytes, UUID_SIZE);
}

void
store_copy_instant(struct store_copy *copy, instant at)
{
    binary_write64(field(copy, sizeof at), binary_of_instant(at));
}

void
store_copy_date(struct store_copy *copy, struct date date)
{
    binary_write32(field(copy, sizeof(int32_t)), binary_of_date(date));
}

/* Dimensions (an empty array has none), no NULLs, the type; of the one dimension its size and lower
 * bound; then each number behind its size. */
void
store_copy_run(struct store_copy *copy, int32_t first, size_t count)
{
    enum { WORD = 4, ARRAY_HEAD = 3 * WORD, DIMENSION = 2 * WORD, EACH = 2 * WORD, TYPE = 23 };

    ENSURE(count <= RUN_MAX && first >= 0 && first <= INT32_MAX - RUN_MAX);
    char *at =
        field(copy, (size_t)(count == 0 ? ARRAY_HEAD : ARRAY_HEAD + DIMENSION) + count * EACH);
    binary_write32(at, count == 0 ? 0 : 1);
    binary_write32(at + WORD, 0);
    binary_write32(at + DIMENSION, TYPE);
    if (count == 0) {
        return;
    }
    binary_write32(at + ARRAY_HEAD, (int32_t)count);
    binary_write32(at + ARRAY_HEAD + WORD, 1);
    at += ARRAY_HEAD + DIMENSION;
    for (size_t i = 0; i < count; i++) {
        binary_write32(at + i * EACH, WORD);
        binary_write32(at + i * EACH + WORD, first + (int32_t)i);
    }
}

enum err
store_copy_end(struct store_copy *copy, struct fault *fault)
{
    struct store *store = copy->store;
    PGresult     *result = NULL;

    ENSURE(!copy->begun || copy->fields == (size_t)copy->columns);
    binary_write16(room_for(copy, ROW_HEAD), END_OF_ROWS);
    send_chunk(copy);
    store->copying = false;
    if (store->link != NULL && PQputCopyEnd(store->link, NULL) == 1) {
        result = session_answer(store);
    } else {
        session_close(store);
    }
    enum err got = session_judge(store, result, copy->sql, fault);
    PQclear(result);
    return got;
}
