#include "gateway/people/invitation.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/people/account.h"
#include "gateway/people/sign_in.h"

#include <string.h>

enum { TEXT_SHOWN = 40, DELETE = 0x7F };

/* An empty text of ours is NULL in the table. */
static struct str
or_null(struct str text)
{
    return text.size == 0 ? (struct str){0} : text;
}

static struct str
or_empty(struct str text)
{
    return text.data == NULL ? STR("") : text;
}

static void
put_uuid(struct store_parameters *parameters, struct uuid uuid)
{
    if (uuid_is_nil(uuid)) {
        store_put_null(parameters, STORE_UUID);
    } else {
        store_put_uuid(parameters, uuid);
    }
}

static void
put_digest(struct store_parameters *parameters, const unsigned char *digest)
{
    store_put_bytes(parameters, (struct str){(const char *)digest, SECRET_DIGEST_SIZE});
}

/* A refusal of the database in a person's words; everything else as it came. */
static enum err
explain(const struct store *store, enum err got, struct fault *fault)
{
    static const struct {
        const char *state;
        const char *words;
    } refusals[] = {
        {"23P01", "Ta osoba ma już tę rolę w tym miejscu i w tym czasie"                                  },
        {"23503", "Tej roli nie nadaje się w tym miejscu: jedne role są w jednostce (podaj jej "
                  "REGON), inne w urzędzie (podaj jego kod) albo w całej bramie (bez obu)"},
        {"23514", "Zastępstwo ma się mieścić w czasie roli, którą zastępuje, i nie przekazuje się "
                  "dalej; adres ma najwyżej 254 znaki, imię i nazwisko najwyżej 200"     },
        {"42501", "To zaproszenie nie jest dla osoby, która próbuje je przyjąć albo wysłać"            },
    };

    bool refused = got == ERR_STORE || got == ERR_STORE_UNFIT; /* 42501 is of the latter kind */

    for (size_t i = 0; refused && i < ARRAY_COUNT(refusals); i++) {
        if (strcmp(store_sqlstate(store), refusals[i].state) == 0) {
            return FAIL(fault, ERR_DENIED, "%s", refusals[i].words);
        }
    }
    return got;
}

/* As the table asks for it: one @ with something on both sides, nothing blank. */
static bool
is_address(struct str email)
{
    size_t at_count = 0;

    for (size_t i = 0; i < email.size; i++) {
        unsigned char it = (unsigned char)email.data[i];
        at_count += it == '@' ? 1 : 0;
        if (it <= ' ' || it == DELETE) {
            return false;
        }
    }
    return at_count == 1 && email.data[0] != '@' && email.data[email.size - 1] != '@';
}

static bool
has_control(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char it = (unsigned char)text.data[i];
        if (it < ' ' || it == DELETE) {
            return true;
        }
    }
    return false;
}

/* What the table would refuse without saying which. email: as it is kept. */
static enum err
check(const struct invitation *invitation, struct str email, struct fault *fault)
{
    struct str name = str_trim(invitation->name);
    bool       delegated = !uuid_is_nil(invitation->delegator);
    bool       ends = invitation->valid_to.year != 0;

    if (!is_address(email)) {
        return FAIL(fault, ERR_DENIED,
                    "Adres e-mail „%.*s” ma mieć postać nazwa@domena, bez odstępów, "
                    "np. anna@urzad.example",
                    STR_ARG(str_slice(email, 0, TEXT_SHOWN)));
    }
    if (name.size == 0 || has_control(name)) {
        return FAIL(fault, ERR_DENIED,
                    "Imię i nazwisko są puste albo mają znak sterujący; wpisz je zwykłym tekstem");
    }
    if (ends && date_compare(invitation->valid_to, invitation->valid_from) < 0) {
        return FAIL(fault, ERR_DENIED,
                    "Ostatni dzień roli jest wcześniejszy niż pierwszy; popraw jeden z nich");
    }
    if (delegated && !ends) {
        return FAIL(fault, ERR_DENIED, "Zastępstwo ma mieć ostatni dzień; podaj go");
    }
    if (delegated && str_trim(invitation->basis).size == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Zastępstwo ma mieć podstawę, np. numer upoważnienia; podaj ją");
    }
    return ERR_OK;
}

enum err
invitation_make(struct store *store, struct arena *arena, const struct invitation *invitation,
                struct uuid *id, struct str *token, struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO people.invitation (digest, email, name, role, unit, office, valid_from,"
        " valid_to, delegator, basis, made_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
        " $9, $10, people.me(), now() + make_interval(days => $11)) RETURNING invitation";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];
    struct str              text = {0};
    struct str              email = {0};

    TRY(secret_make(arena, (struct str){0}, &text, digest, fault));
    TRY(sign_in_address(arena, invitation->email, &email, fault));
    TRY(check(invitation, email, fault));
    put_digest(&parameters, digest);
    store_put_text(&parameters, or_empty(email));
    store_put_text(&parameters, or_empty(str_trim(invitation->name)));
    store_put_text(&parameters, or_empty(invitation->role));
    if (invitation->unit == 0) {
        store_put_null(&parameters, STORE_NUMBER);
    } else {
        store_put_number(&parameters, invitation->unit);
    }
    store_put_text(&parameters, or_null(invitation->office));
    store_put_date(&parameters, invitation->valid_from);
    store_put_day(&parameters, invitation->valid_to);
    put_uuid(&parameters, invitation->delegator);
    store_put_text(&parameters, or_empty(invitation->basis));
    store_put_integer(&parameters, INVITATION_DAYS);
    TRY(explain(store, store_run(store, sql, &parameters, arena, &rows, fault), fault));
    *id = store_uuid(&rows, 0, 0);
    *token = text;
    return ERR_OK;
}

enum err
invitation_post(struct store *store, struct arena *arena, struct uuid id, int64_t day_max,
                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, id);
    store_put_integer(&parameters, (int32_t)day_max);
    TRY(store_run(store, "SELECT people.post_invitation($1, $2)", &parameters, arena, &rows,
                  fault));
    if (store_is_null(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED, "Tego zaproszenia nie można wysłać");
    }
    return store_truth(&rows, 0, 0)
               ? ERR_OK
               : FAIL(fault, ERR_DENIED,
                      "Na ten adres czeka już tyle zaproszeń, że następne wyszłoby po upływie "
                      "swojej ważności. Zaproś tę osobę jutro");
}

#define INVITATION_COLUMNS                                                                     \
    "SELECT i.invitation, i.email, i.name, i.role, i.unit, i.office,"                          \
    " coalesce(u.name, o.title, ''), u.regon, i.valid_from, i.valid_to, i.delegator, i.basis," \
    " i.made_by, i.made_at, i.expires_at, coalesce(l.state, ''), l.ended_at"                   \
    " FROM people.invitation i"                                                                \
    " LEFT JOIN LATERAL people.invitation_letter(i.invitation) l ON true"                      \
    " LEFT JOIN registry.unit u USING (unit) LEFT JOIN registry.office o USING (office)"       \
    " WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()"

static struct invitation
read_invitation(const struct store_rows *rows, size_t row)
{
    return (struct invitation){
        .invitation = store_uuid(rows, row, 0),
        .email = store_text(rows, row, 1),
        .name = store_text(rows, row, 2),
        .role = store_text(rows, row, 3),
        .unit = store_number(rows, row, 4),
        .office = store_text(rows, row, 5),
        .place = store_text(rows, row, 6),
        .regon = store_text(rows, row, 7),
        .valid_from = store_date(rows, row, 8),
        .valid_to = store_date(rows, row, 9),
        .delegator = store_uuid(rows, row, 10),
        .basis = store_text(rows, row, 11),
        .made_by = store_uuid(rows, row, 12),
        .made = store_instant(rows, row, 13),
        .expires = store_instant(rows, row, 14),
        .letter = store_text(rows, row, 15),
        .letter_ended = store_is_null(rows, row, 16) ? 0 : store_instant(rows, row, 16),
    };
}

enum err
invitation_list(struct store *store, struct arena *arena, struct invitation **out, size_t *count,
                struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, INVITATION_COLUMNS " ORDER BY i.made_at DESC, i.invitation LIMIT 500",
                  NULL, arena, &rows, fault));
    struct invitation *list = ARENA_NEW(arena, struct invitation, store_row_count(&rows));
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu invitations", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        list[i] = read_invitation(&rows, i);
    }
    *out = list;
    *count = store_row_count(&rows);
    return ERR_OK;
}

enum err
invitation_find(struct store *store, struct arena *arena, struct uuid id, struct invitation *out,
                bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, id);
    TRY(store_run(store, INVITATION_COLUMNS " AND i.invitation = $1", &parameters, arena, &rows,
                  fault));
    *found = store_row_count(&rows) > 0;
    if (*found) {
        *out = read_invitation(&rows, 0);
    }
    return ERR_OK;
}

enum err
invitation_revoke(struct store *store, struct arena *arena, struct uuid id, bool *found,
                  struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, id);
    TRY(store_run(store,
                  "UPDATE people.invitation SET revoked_at = now() WHERE invitation = $1"
                  " AND accepted_at IS NULL AND revoked_at IS NULL RETURNING invitation",
                  &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) > 0;
    return ERR_OK;
}

enum err
invitation_look(struct store *store, struct arena *arena, struct str token,
                struct invitation_offer *out, bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];

    TRY(fingerprint_of(token, digest, fault));
    put_digest(&parameters, digest);
    TRY(store_run(store,
                  "SELECT i.email, i.name, i.role, i.title, i.place, i.known"
                  " FROM people.invited(people.meant($1)) i",
                  &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) > 0;
    if (*found) {
        *out = (struct invitation_offer){store_text(&rows, 0, 0), store_text(&rows, 0, 1),
                                         store_text(&rows, 0, 2), store_text(&rows, 0, 3),
                                         store_text(&rows, 0, 4), store_truth(&rows, 0, 5)};
    }
    return ERR_OK;
}

static enum err
accept(struct store *store, struct arena *arena, struct str token,
       const struct account_secrets *secrets, struct uuid *appointment, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];

    TRY(fingerprint_of(token, digest, fault));
    put_digest(&parameters, digest);
    store_put_uuid(&parameters, secrets->person);
    store_put_text(&parameters, or_null(secrets->hash));
    store_put_bytes(&parameters, (struct str){(const char *)secrets->totp, sizeof secrets->totp});
    store_put_byte_strings(&parameters, secrets->digests,
                           secrets->hash.size == 0 ? 0 : INVITATION_RECOVERY_CODES);
    TRY(explain(store,
                store_run(store, "SELECT people.accept(people.meant($1), $2, $3, $4, $5)",
                          &parameters, arena, &rows, fault),
                fault));
    if (store_is_null(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED, "Tego zaproszenia nie można już użyć");
    }
    *appointment = store_uuid(&rows, 0, 0);
    return ERR_OK;
}

enum err
invitation_accept(struct store *store, struct arena *arena, struct str token, struct str password,
                  struct invitation_welcome *out, struct fault *fault)
{
    struct invitation_offer   offer = {0};
    struct invitation_welcome result = {0};
    struct account_secrets    secrets = {0};
    bool                      found = false;

    TRY(invitation_look(store, arena, token, &offer, &found, fault));
    if (!found) {
        return FAIL(fault, ERR_DENIED, "Tego zaproszenia nie można już użyć");
    }
    if (offer.known) {
        TRY(secret_uuid(&secrets.person, fault));
    } else {
        TRY(account_make_secrets(arena, password, &secrets, fault));
        TRY(account_show_secrets(arena, &secrets, offer.email, &result, fault));
    }
    TRY(accept(store, arena, token, &secrets, &result.appointment, fault));
    *out = result;
    return ERR_OK;
}
