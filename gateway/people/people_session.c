#include "gateway/people/people_session.h"

#include "gateway/fingerprint/fingerprint.h"

enum {
    COLUMN_SESSION,
    COLUMN_PERSON,
    COLUMN_EMAIL,
    COLUMN_NAME,
    COLUMN_PROVIDER,
    COLUMN_EXPIRES,
    COLUMN_APPOINTMENT,
    COLUMN_ROLE,
    COLUMN_UNIT,
    COLUMN_OFFICE,
    COLUMN_PLACE,
    COLUMN_REGON
};

static void
put_digest(struct store_parameters *parameters, const unsigned char *digest)
{
    if (digest == NULL) {
        store_put_null(parameters, STORE_BYTES);
    } else {
        store_put_bytes(parameters, (struct str){(const char *)digest, SECRET_DIGEST_SIZE});
    }
}

enum err
people_session_enter(struct store *store, struct arena *arena, const unsigned char *digest,
                     struct people_session *out, struct fault *fault)
{
    static const char sql[] =
        "SELECT e.session, e.person, e.email, e.name, e.provider, e.expires_at, e.appointment,"
        " e.role, e.unit, e.office, e.place, e.regon FROM people.enter($1) e";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct people_session   session = {.role = PERMISSION_ROLE_PUBLIC};

    put_digest(&parameters, digest);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) > 0) {
        session = (struct people_session){
            .session = store_number(&rows, 0, COLUMN_SESSION),
            .person = store_uuid(&rows, 0, COLUMN_PERSON),
            .email = store_text(&rows, 0, COLUMN_EMAIL),
            .name = store_text(&rows, 0, COLUMN_NAME),
            .provider = store_text(&rows, 0, COLUMN_PROVIDER),
            .expires = store_instant(&rows, 0, COLUMN_EXPIRES),
            .appointment = store_uuid(&rows, 0, COLUMN_APPOINTMENT),
            .role = PERMISSION_ROLE_PUBLIC,
            .unit = store_number(&rows, 0, COLUMN_UNIT),
            .office = store_text(&rows, 0, COLUMN_OFFICE),
            .place = store_text(&rows, 0, COLUMN_PLACE),
            .regon = store_text(&rows, 0, COLUMN_REGON),
        };
    }
    if (!uuid_is_nil(session.appointment)
        && !permission_role_of(store_text(&rows, 0, COLUMN_ROLE), &session.role)) {
        return FAIL(fault, ERR_STORE, "a role that the program does not know");
    }
    *out = session;
    return ERR_OK;
}

enum err
people_session_enter_program(struct store *store, struct arena *arena, const unsigned char *digest,
                             struct people_session *out, enum people_standing *standing,
                             struct fault *fault)
{
    static const char sql[] = "SELECT e.standing, e.credential, e.person, e.appointment, e.role,"
                              " e.unit, e.place, e.regon FROM people.enter_program($1) e";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct people_session   session = {.role = PERMISSION_ROLE_PUBLIC};

    put_digest(&parameters, digest);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    *standing = store_row_count(&rows) == 0 ? PEOPLE_STANDING_UNKNOWN
                                            : (enum people_standing)store_number(&rows, 0, 0);
    if (*standing == PEOPLE_STANDING_GOOD) {
        session = (struct people_session){.program = store_number(&rows, 0, 1),
                                          .person = store_uuid(&rows, 0, 2),
                                          .appointment = store_uuid(&rows, 0, 3),
                                          .role = PERMISSION_ROLE_PUBLIC,
                                          .unit = store_number(&rows, 0, 5),
                                          .place = store_text(&rows, 0, 6),
                                          .regon = store_text(&rows, 0, 7)};
        if (!permission_role_of(store_text(&rows, 0, 4), &session.role)) {
            return FAIL(fault, ERR_STORE, "a role that the program does not know");
        }
    }
    *out = session;
    return ERR_OK;
}

enum err
people_session_relation(struct store *store, struct arena *arena, int64_t unit, struct str office,
                        enum permission_relation *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    if (unit == 0) {
        store_put_null(&parameters, STORE_NUMBER);
    } else {
        store_put_number(&parameters, unit);
    }
    store_put_text(&parameters, office.size == 0 ? (struct str){0} : office);
    TRY(store_run(store, "SELECT people.relation($1, $2)", &parameters, arena, &rows, fault));
    if (!permission_relation_of(store_text(&rows, 0, 0), out)) {
        return FAIL(fault, ERR_STORE, "a relation that the program does not know");
    }
    return ERR_OK;
}

enum err
people_session_places(struct store *store, struct arena *arena, struct people_place **out,
                      size_t *count, struct fault *fault)
{
    static const char sql[] =
        "SELECT a.appointment, a.role, r.title, a.unit, u.regon, a.office,"
        " coalesce(u.name, o.title, '') FROM people.appointment a JOIN people.role r USING (role)"
        " LEFT JOIN registry.unit u USING (unit) LEFT JOIN registry.office o USING (office)"
        " WHERE a.person = people.me() AND people.holds(a.appointment) ORDER BY a.made_at,"
        " a.appointment";
    struct store_rows rows = {0};

    TRY(store_run(store, sql, NULL, arena, &rows, fault));
    struct people_place *places = ARENA_NEW(arena, struct people_place, store_row_count(&rows));
    if (places == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu appointments", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        places[i] = (struct people_place){store_uuid(&rows, i, 0), store_text(&rows, i, 1),
                                          store_text(&rows, i, 2), store_number(&rows, i, 3),
                                          store_text(&rows, i, 4), store_text(&rows, i, 5),
                                          store_text(&rows, i, 6)};
    }
    *out = places;
    *count = store_row_count(&rows);
    return ERR_OK;
}

enum err
people_session_turn(struct store *store, struct arena *arena, const unsigned char *digest,
                    struct uuid appointment, struct str *token, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           fresh[SECRET_DIGEST_SIZE];
    struct str              text = {0};

    TRY(secret_make(arena, (struct str){0}, &text, fresh, fault));
    put_digest(&parameters, digest);
    put_digest(&parameters, fresh);
    if (uuid_is_nil(appointment)) {
        store_put_null(&parameters, STORE_UUID);
    } else {
        store_put_uuid(&parameters, appointment);
    }
    TRY(store_run(store, "SELECT people.turn($1, $2, $3)", &parameters, arena, &rows, fault));
    *token = store_truth(&rows, 0, 0) ? text : (struct str){0};
    return ERR_OK;
}

enum err
people_session_close(struct store *store, struct arena *arena, const unsigned char *digest,
                     struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    put_digest(&parameters, digest);
    return store_run(store, "SELECT people.close_session($1)", &parameters, arena, NULL, fault);
}
