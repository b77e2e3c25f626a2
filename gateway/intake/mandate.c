#include "gateway/intake/mandate.h"

static enum err
look_at_program(struct store *store, struct arena *arena, int64_t credential,
                enum mandate_state *out, struct fault *fault)
{
    static const enum mandate_state states[] = {MANDATE_HOLDS, MANDATE_EXPIRED, MANDATE_REVOKED};
    struct store_parameters         parameters = store_parameters_create(arena);
    struct store_rows               rows = {0};

    store_put_number(&parameters, credential);
    TRY(store_run(store, "SELECT registry.credential_ended($1)", &parameters, arena, &rows, fault));
    int64_t ended = store_number(&rows, 0, 0);
    ENSURE(ended >= 0 && (size_t)ended < ARRAY_COUNT(states));
    *out = states[ended];
    return ERR_OK;
}

static enum err
look_at_person(struct store *store, struct arena *arena, const struct mandate *mandate,
               enum permission_action action, enum mandate_state *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    enum permission_role    role = PERMISSION_ROLE_PUBLIC;

    store_put_uuid(&parameters, mandate->appointment);
    store_put_number(&parameters, mandate->subject);
    TRY(store_run(store, "SELECT a.role FROM people.act_in($1, $2) a", &parameters, arena, &rows,
                  fault));
    if (store_row_count(&rows) == 0) {
        *out = MANDATE_ENDED;
        return ERR_OK;
    }
    if (!permission_role_of(store_text(&rows, 0, 0), &role)) {
        return FAIL(fault, ERR_STORE, "a role that the program does not know");
    }
    *out = permission_ever(role, action) ? MANDATE_HOLDS : MANDATE_LACKING;
    return ERR_OK;
}

enum err
mandate_look(struct store *store, struct arena *arena, const struct mandate *mandate,
             enum permission_action action, enum mandate_state *out, struct fault *fault)
{
    return uuid_is_nil(mandate->appointment)
               ? look_at_program(store, arena, mandate->credential, out, fault)
               : look_at_person(store, arena, mandate, action, out, fault);
}

void
mandate_put(struct store_parameters *parameters, const struct mandate *mandate)
{
    if (uuid_is_nil(mandate->appointment)) {
        store_put_number(parameters, mandate->credential);
        store_put_null(parameters, STORE_UUID);
    } else {
        store_put_null(parameters, STORE_NUMBER);
        store_put_uuid(parameters, mandate->appointment);
    }
}
