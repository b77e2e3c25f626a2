#include "gateway/registry/credential.h"

#include <string.h>

enum { DIGEST_SIZE = 32 };

static const char *const scope_words[SCOPE_COUNT] = {
    "submissions:write", "submissions:read", "obligations:read",
    "registry:write",    "review:*",         "obligations:feed",
};

int
registry_scope_of(struct str word)
{
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (str_equal(word, str_of(scope_words[i]))) {
            return (int)(1U << i);
        }
    }
    return 0;
}

const char *
registry_scope_word(int scope)
{
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (scope == (int)(1U << i)) {
            return scope_words[i];
        }
    }
    return "";
}

enum err
registry_bind(struct store *store, struct arena *arena,
              const struct registry_credential *credential, const unsigned char digest[32],
              int64_t *id, struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at,"
        " office, made_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING credential";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    if (credential->unit == 0) {
        store_put_null(&parameters, STORE_NUMBER);
    } else {
        store_put_number(&parameters, credential->unit);
    }
    store_put_truth(&parameters, credential->is_certificate);
    store_put_bytes(&parameters, (struct str){(const char *)digest, DIGEST_SIZE});
    store_put_integer(&parameters, credential->scopes);
    store_put_text(&parameters, credential->label.data == NULL ? STR("") : credential->label);
    store_put_instant(&parameters, credential->expires);
    store_put_text(&parameters,
                   credential->office.size == 0 ? (struct str){0} : credential->office);
    if (uuid_is_nil(credential->made_in)) {
        store_put_null(&parameters, STORE_UUID);
    } else {
        store_put_uuid(&parameters, credential->made_in);
    }
    enum err got = store_run(store, sql, &parameters, arena, &rows, fault);
    if (got == ERR_STORE && strcmp(store_sqlstate(store), "23505") == 0) {
        return FAIL(fault, ERR_DENIED, "%s jest już powiązany z jednostką",
                    credential->is_certificate ? "Ten certyfikat" : "Ten token");
    }
    if (got == ERR_STORE && strcmp(store_sqlstate(store), "23503") == 0) {
        return FAIL(fault, ERR_DENIED, "Takiej jednostki nie ma w rejestrze");
    }
    TRY(got);
    *id = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
registry_revoke(struct store *store, struct arena *arena, int64_t credential, bool *found,
                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, credential);
    TRY(store_run(store,
                  "UPDATE registry.credential SET revoked_at = now()"
                  " WHERE credential = $1 AND revoked_at IS NULL RETURNING credential",
                  &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) > 0;
    return ERR_OK;
}

enum err
registry_list_credentials(struct store *store, struct arena *arena, int64_t unit,
                          struct registry_credential **out, size_t *count, struct fault *fault)
{
    static const char sql[] =
        "SELECT c.credential, c.unit, c.is_certificate, c.scopes, c.label, c.created_at,"
        " c.expires_at, c.revoked_at, c.last_used_at, u.regon, c.office, c.made_in"
        " FROM registry.credential c LEFT JOIN registry.unit u USING (unit)"
        " WHERE $1 = 0 OR c.unit = $1 ORDER BY c.credential";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    struct registry_credential *list =
        ARENA_NEW(arena, struct registry_credential, store_row_count(&rows));
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu credentials", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        list[i] = (struct registry_credential){
            .credential = store_number(&rows, i, 0),
            .unit = store_number(&rows, i, 1),
            .is_certificate = store_truth(&rows, i, 2),
            .scopes = (int)store_number(&rows, i, 3),
            .label = store_text(&rows, i, 4),
            .created = store_instant(&rows, i, 5),
            .expires = store_instant(&rows, i, 6),
            .revoked = store_instant(&rows, i, 7),
            .last_used = store_instant(&rows, i, 8),
            .regon = store_text(&rows, i, 9),
            .office = store_text(&rows, i, 10),
            .made_in = store_uuid(&rows, i, 11),
        };
    }
    *out = list;
    *count = store_row_count(&rows);
    return ERR_OK;
}
