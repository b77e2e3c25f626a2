#include "gateway/people/account.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/people/password.h"
#include "gateway/people/sign_in.h"

#include <string.h>

enum { URI_MAX = TOTP_URI_MAX, CODE_BYTES = 10, CODE_TEXT_SIZE = 16 };

/* 80 bits in base32, lower case would do as well: typed once, from paper. */
static enum err
make_code(struct arena *arena, struct str *code, struct str *digest, struct fault *fault)
{
    unsigned char bytes[CODE_BYTES];
    struct buf    text = buf_create(arena, CODE_TEXT_SIZE);
    unsigned char kept[SECRET_DIGEST_SIZE];

    TRY(secret_random(bytes, sizeof bytes, fault));
    totp_write_secret(&text, (struct str){(const char *)bytes, sizeof bytes});
    TRY(fingerprint_of(buf_str(&text), kept, fault));
    *code = buf_str(&text);
    *digest = str_copy(arena, (struct str){(const char *)kept, sizeof kept});
    if (!buf_ok(&text) || digest->data == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for a recovery code");
    }
    return ERR_OK;
}

enum err
account_make_secrets(struct arena *arena, struct str password, struct account_secrets *out,
                     struct fault *fault)
{
    struct account_secrets secrets = {0};

    TRY(secret_uuid(&secrets.person, fault));
    TRY(secret_random(secrets.totp, sizeof secrets.totp, fault));
    if (password.size > 0) {
        TRY(password_hash(arena, password, &secrets.hash, fault));
    }
    for (size_t i = 0; i < INVITATION_RECOVERY_CODES; i++) {
        TRY(make_code(arena, &secrets.codes[i], &secrets.digests[i], fault));
    }
    *out = secrets;
    return ERR_OK;
}

static struct str
totp_of(const struct account_secrets *secrets)
{
    return (struct str){(const char *)secrets->totp, sizeof secrets->totp};
}

enum err
account_show_secrets(struct arena *arena, const struct account_secrets *secrets, struct str email,
                     struct invitation_welcome *out, struct fault *fault)
{
    struct buf uri = buf_create(arena, URI_MAX);
    struct buf text = buf_create(arena, URI_MAX);

    totp_write_uri(&uri, totp_of(secrets), email);
    totp_write_secret(&text, totp_of(secrets));
    if (!buf_ok(&uri) || !buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "no room for a welcome");
    }
    out->totp_uri = buf_str(&uri);
    out->totp_secret = buf_str(&text);
    memcpy(out->codes, secrets->codes, sizeof out->codes);
    return ERR_OK;
}

/* One statement over one digest that answers yes or no. */
static enum err
ask(struct store *store, struct arena *arena, const char *sql, struct str digest, bool *yes,
    struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_bytes(&parameters, digest);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    *yes = store_truth(&rows, 0, 0);
    return ERR_OK;
}

enum err
account_change_password(struct store *store, struct arena *arena, const unsigned char *session,
                        struct str password, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct str              hash = {0};

    TRY(password_hash(arena, password, &hash, fault));
    store_put_bytes(&parameters, fingerprint_str(session));
    store_put_text(&parameters, hash);
    return store_run(store, "SELECT people.change_password($1, $2)", &parameters, arena, NULL,
                     fault);
}

enum err
account_offer_authenticator(struct store *store, struct arena *arena,
                            const struct account_secrets *secrets, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_bytes(&parameters, totp_of(secrets));
    store_put_byte_strings(&parameters, secrets->digests, INVITATION_RECOVERY_CODES);
    return store_run(store, "SELECT people.offer_authenticator($1, $2)", &parameters, arena, NULL,
                     fault);
}

/* The step of a code of what was offered; 0: of none. */
static enum err
find_step(struct store *store, struct arena *arena, struct str code, struct str *totp,
          int64_t *step, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, "SELECT people.offered_totp(), now()", NULL, arena, &rows, fault));
    *totp = store_text(&rows, 0, 0);
    if (store_is_null(&rows, 0, 0) || code.size != TOTP_DIGITS || !str_all_digits(code)) {
        return ERR_OK;
    }
    return totp_find(*totp, code, store_instant(&rows, 0, 1) / INSTANT_PER_SECOND, step, fault);
}

enum err
account_take_authenticator(struct store *store, struct arena *arena, const unsigned char *session,
                           struct str code, enum account_taking *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct str              totp = {0};
    int64_t                 step = 0;

    TRY(find_step(store, arena, code, &totp, &step, fault));
    if (totp.size == 0 || step == 0) {
        *out = totp.size == 0 ? ACCOUNT_NOTHING_OFFERED : ACCOUNT_WRONG_CODE;
        return ERR_OK;
    }
    store_put_bytes(&parameters, fingerprint_str(session));
    store_put_bytes(&parameters, totp);
    store_put_number(&parameters, step);
    TRY(store_run(store, "SELECT people.take_authenticator($1, $2, $3)", &parameters, arena, &rows,
                  fault));
    *out = store_truth(&rows, 0, 0) ? ACCOUNT_TAKEN : ACCOUNT_NOTHING_OFFERED;
    return ERR_OK;
}

enum err
account_certificates(struct store *store, struct arena *arena, struct account_certificate **out,
                     size_t *count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, ACCOUNT_CERTIFICATES_MAX);
    TRY(store_run(store, "SELECT c.digest, c.created_at FROM people.my_certificates() c LIMIT $1",
                  &parameters, arena, &rows, fault));
    struct account_certificate *list =
        ARENA_NEW(arena, struct account_certificate, store_row_count(&rows));
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu certificates", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        list[i] = (struct account_certificate){store_text(&rows, i, 0), store_instant(&rows, i, 1)};
    }
    *out = list;
    *count = store_row_count(&rows);
    return ERR_OK;
}

enum err
account_bind(struct store *store, struct arena *arena, struct str digest, bool *bound,
             struct fault *fault)
{
    return ask(store, arena, "SELECT people.bind_certificate($1)", digest, bound, fault);
}

enum err
account_unbind(struct store *store, struct arena *arena, struct str digest, bool *found,
               struct fault *fault)
{
    return ask(store, arena, "SELECT people.unbind_certificate($1)", digest, found, fault);
}

enum err
account_muted(struct store *store, struct arena *arena, struct str *kinds, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, "SELECT coalesce(string_agg(m.kind, ' '), '') FROM people.muted() m", NULL,
                  arena, &rows, fault));
    *kinds = store_text(&rows, 0, 0);
    return ERR_OK;
}

enum err
account_mute(struct store *store, struct arena *arena, const struct str *kinds, size_t count,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_texts(&parameters, kinds, count);
    return store_run(store, "SELECT people.mute($1)", &parameters, arena, NULL, fault);
}

enum err
account_offer(struct store *store, struct arena *arena, struct uuid appointment, struct str *token,
              struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];
    struct str              text = {0};

    TRY(secret_make(arena, (struct str){0}, &text, digest, fault));
    store_put_uuid(&parameters, appointment);
    store_put_bytes(&parameters, fingerprint_str(digest));
    store_put_number(&parameters, INVITATION_DAYS);
    TRY(store_run(store, "SELECT people.offer_restoration($1, $2, now() + $3 * interval '1 day')",
                  &parameters, arena, &rows, fault));
    *token = store_truth(&rows, 0, 0) ? text : (struct str){0};
    return ERR_OK;
}

enum err
account_help(struct store *store, struct arena *arena, const struct account_help *help,
             struct str *token, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];
    struct str              email = {0};
    struct str              text = {0};

    TRY(sign_in_address(arena, help->email, &email, fault));
    TRY(secret_make(arena, (struct str){0}, &text, digest, fault));
    store_put_text(&parameters, email);
    store_put_bytes(&parameters, fingerprint_str(digest));
    store_put_number(&parameters, INVITATION_DAYS);
    store_put_text(&parameters, help->operator);
    store_put_text(&parameters, help->reason);
    TRY(store_run(store,
                  "SELECT people.restore_by_operator($1, $2, now() + $3 * interval '1 day', $4,"
                  " $5)",
                  &parameters, arena, &rows, fault));
    *token = store_truth(&rows, 0, 0) ? text : (struct str){0};
    return ERR_OK;
}

enum err
account_post(struct store *store, struct arena *arena, struct str token, int64_t day_max,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];

    TRY(fingerprint_of(token, digest, fault));
    store_put_bytes(&parameters, fingerprint_str(digest));
    store_put_integer(&parameters, (int32_t)day_max);
    TRY(store_run(store, "SELECT people.post_restoration($1, $2)", &parameters, arena, &rows,
                  fault));
    if (store_is_null(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED, "Tego odnośnika nie można wysłać");
    }
    return store_truth(&rows, 0, 0)
               ? ERR_OK
               : FAIL(fault, ERR_DENIED,
                      "Na ten adres czeka już tyle listów, że następny wyszedłby po upływie "
                      "ważności odnośnika. Przywróć tej osobie dostęp jutro");
}

enum err
account_of_offer(struct store *store, struct arena *arena, struct str token, struct str *email,
                 struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];

    TRY(fingerprint_of(token, digest, fault));
    store_put_bytes(&parameters, fingerprint_str(digest));
    TRY(store_run(store, "SELECT r.email FROM people.restorable(people.meant($1)) r", &parameters,
                  arena, &rows, fault));
    *email = store_row_count(&rows) > 0 ? store_text(&rows, 0, 0) : (struct str){0};
    return ERR_OK;
}

enum err
account_restore(struct store *store, struct arena *arena, struct str token,
                const struct account_secrets *secrets, bool *restored, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           digest[SECRET_DIGEST_SIZE];

    TRY(fingerprint_of(token, digest, fault));
    store_put_bytes(&parameters, fingerprint_str(digest));
    store_put_text(&parameters, secrets->hash);
    store_put_bytes(&parameters, totp_of(secrets));
    store_put_byte_strings(&parameters, secrets->digests, INVITATION_RECOVERY_CODES);
    TRY(store_run(store, "SELECT people.restore(people.meant($1), $2, $3, $4)", &parameters, arena,
                  &rows, fault));
    *restored = store_truth(&rows, 0, 0);
    return ERR_OK;
}
