#include "gateway/reader/who.h"

#include <inttypes.h>

enum { MEMORY_MARK = 4096, STATUS_OK = 200, MAY_SUBMIT = 1, MAY_READ = 2 };

enum column {
    COLUMN_CREDENTIAL,
    COLUMN_UNIT,
    COLUMN_SCOPES,
    COLUMN_EXPIRED,
    COLUMN_REVOKED,
    COLUMN_NAME,
    COLUMN_REGON,
    COLUMN_OFFSET
};

static const char who_sql[] =
    "SELECT a.credential, a.unit, a.scopes, a.expired, a.revoked, a.name, a.regon,"
    "  (extract(epoch FROM a.clock_offset) * 1000000)::bigint"
    " FROM registry.authenticate($1, $2) a";

static enum access_fault
fault_of(const struct store_rows *rows)
{
    if (store_row_count(rows) == 0) {
        return ACCESS_UNKNOWN;
    }
    if (store_truth(rows, 0, COLUMN_REVOKED)) {
        return ACCESS_REVOKED;
    }
    return store_truth(rows, 0, COLUMN_EXPIRED) ? ACCESS_EXPIRED : ACCESS_GRANTED;
}

enum err
who_answer(struct store *store, struct arena *arena, const struct question *question,
           struct reply *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_truth(&parameters, question->is_certificate);
    store_put_bytes(&parameters,
                    (struct str){(const char *)question->digest, sizeof question->digest});
    TRY(store_run(store, who_sql, &parameters, arena, &rows, fault));
    out->status = STATUS_OK;
    out->access_fault = fault_of(&rows);
    if (store_row_count(&rows) > 0) {
        out->clock_offset = store_number(&rows, 0, COLUMN_OFFSET);
    }
    if (out->access_fault == ACCESS_GRANTED) {
        int64_t scopes = store_number(&rows, 0, COLUMN_SCOPES);
        out->access = (struct access){
            .credential = store_number(&rows, 0, COLUMN_CREDENTIAL),
            .subject = store_number(&rows, 0, COLUMN_UNIT),
            .may_submit = (scopes & MAY_SUBMIT) != 0,
            .may_read = (scopes & MAY_READ) != 0,
            .name = store_text(&rows, 0, COLUMN_NAME),
            .regon = store_text(&rows, 0, COLUMN_REGON),
        };
    }
    return ERR_OK;
}

enum err
who_mark_used(struct store *store, int64_t credential, struct fault *fault)
{
    struct arena           *arena = arena_create(MEMORY_MARK);
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, credential);
    enum err got = store_run(store, "SELECT registry.used($1)", &parameters, arena, NULL, fault);
    arena_destroy(arena);
    return got;
}
