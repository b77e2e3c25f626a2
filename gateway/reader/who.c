#include "gateway/reader/who.h"

#include "gateway/people/permission.h"

enum { MEMORY_MARK = 4096, STATUS_OK = 200 };

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

static const char program_sql[] =
    "SELECT a.credential, a.unit, a.scopes, a.expired, a.revoked, a.name, a.regon,"
    "  (extract(epoch FROM a.clock_offset) * 1000000)::bigint"
    " FROM registry.authenticate($1, $2) a";

enum { PERSON_APPOINTMENT, PERSON_ROLE, PERSON_UNIT, PERSON_NAME, PERSON_REGON, PERSON_OFFSET };

static const char person_sql[] = "SELECT r.appointment, r.role, r.unit, r.name, r.regon,"
                                 "  (extract(epoch FROM r.clock_offset) * 1000000)::bigint"
                                 " FROM people.recognise($1, $2) r";

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

/* Which of two kinds the digest is of, and the digest. */
static struct store_parameters
parameters_of(struct arena *arena, bool which, const struct question *question)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_truth(&parameters, which);
    store_put_bytes(&parameters,
                    (struct str){(const char *)question->digest, sizeof question->digest});
    return parameters;
}

/* The calendar is all for who has its scope. */
static unsigned
rights_of_scopes(unsigned scopes)
{
    unsigned known = scopes & ACCESS_ALL & ~(unsigned)ACCESS_VALIDATE;

    return (known & ACCESS_FEED) != 0 ? ACCESS_FEED : known | ACCESS_VALIDATE;
}

/* A program: a token, or a certificate of a unit. */
static enum err
answer_program(struct store *store, struct arena *arena, const struct question *question,
               struct reply *out, struct fault *fault)
{
    struct store_parameters parameters =
        parameters_of(arena, question->shown == QUESTION_CERTIFICATE, question);
    struct store_rows rows = {0};

    TRY(store_run(store, program_sql, &parameters, arena, &rows, fault));
    out->access_fault = fault_of(&rows);
    if (store_row_count(&rows) > 0) {
        out->clock_offset = store_number(&rows, 0, COLUMN_OFFSET);
    }
    if (out->access_fault == ACCESS_GRANTED) {
        unsigned rights = rights_of_scopes((unsigned)store_number(&rows, 0, COLUMN_SCOPES));
        if (question->shown == QUESTION_FEED && rights != ACCESS_FEED) {
            out->access_fault = ACCESS_UNKNOWN; /* an address is no place for it */
            return ERR_OK;
        }
        out->access = (struct access){
            .credential = store_number(&rows, 0, COLUMN_CREDENTIAL),
            .subject = store_number(&rows, 0, COLUMN_UNIT),
            .rights = rights,
            .name = store_text(&rows, 0, COLUMN_NAME),
            .regon = store_text(&rows, 0, COLUMN_REGON),
        };
    }
    return ERR_OK;
}

/* What a role may do with some thing or other; with which, the statements and the fence ask. */
static unsigned
rights_of(enum permission_role role)
{
    static const struct {
        enum access_right      right;
        enum permission_action action;
    } rights[] = {
        {ACCESS_SUBMIT,      PERMISSION_ACTION_FILE       },
        {ACCESS_READ,        PERMISSION_ACTION_READ_REPORT},
        {ACCESS_OBLIGATIONS, PERMISSION_ACTION_READ_REPORT},
        {ACCESS_VALIDATE,    PERMISSION_ACTION_VALIDATE   },
    };
    unsigned out = 0;

    for (size_t i = 0; i < ARRAY_COUNT(rights); i++) {
        out |= permission_ever(role, rights[i].action) ? (unsigned)rights[i].right : 0;
    }
    return out;
}

static enum err
answer_person(struct store *store, struct arena *arena, const struct question *question,
              struct reply *out, struct fault *fault)
{
    struct store_parameters parameters =
        parameters_of(arena, question->shown == QUESTION_SESSION, question);
    struct store_rows    rows = {0};
    enum permission_role role = PERMISSION_ROLE_PUBLIC;

    TRY(store_run(store, person_sql, &parameters, arena, &rows, fault));
    out->access_fault = store_row_count(&rows) == 0 ? ACCESS_UNKNOWN : ACCESS_GRANTED;
    if (out->access_fault != ACCESS_GRANTED) {
        return ERR_OK;
    }
    out->clock_offset = store_number(&rows, 0, PERSON_OFFSET);
    if (store_is_null(&rows, 0, PERSON_APPOINTMENT)) {
        return ERR_OK; /* known, and acting for nobody */
    }
    if (!permission_role_of(store_text(&rows, 0, PERSON_ROLE), &role)) {
        return FAIL(fault, ERR_STORE, "a role that the program does not know");
    }
    out->access = (struct access){
        .appointment = store_uuid(&rows, 0, PERSON_APPOINTMENT),
        .subject = store_number(&rows, 0, PERSON_UNIT),
        .rights = rights_of(role),
        .name = store_text(&rows, 0, PERSON_NAME),
        .regon = store_text(&rows, 0, PERSON_REGON),
    };
    return ERR_OK;
}

enum err
who_answer(struct store *store, struct arena *arena, const struct question *question,
           struct reply *out, struct fault *fault)
{
    out->status = STATUS_OK;
    out->access_fault = ACCESS_UNKNOWN;
    if (question->shown != QUESTION_SESSION) {
        TRY(answer_program(store, arena, question, out, fault));
    }
    bool may_be_person =
        (question->shown == QUESTION_SESSION || question->shown == QUESTION_CERTIFICATE)
        && out->access_fault == ACCESS_UNKNOWN;
    return may_be_person ? answer_person(store, arena, question, out, fault) : ERR_OK;
}

enum err
who_mark_session(struct store *store, const unsigned char *digest, struct fault *fault)
{
    struct arena           *arena = arena_create(MEMORY_MARK);
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_bytes(&parameters, (struct str){(const char *)digest, QUESTION_DIGEST_SIZE});
    enum err got = store_run(store, "SELECT people.used($1)", &parameters, arena, NULL, fault);
    arena_destroy(arena);
    return got;
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
