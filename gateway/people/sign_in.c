#include "gateway/people/sign_in.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/people/password.h"
#include "gateway/people/totp.h"

enum { COLUMN_PERSON, COLUMN_PASSWORD, COLUMN_TOTP, COLUMN_NOW };

/* What a person of one account is compared with; empty: there is nobody. */
struct account {
    struct uuid person;
    struct str  password;
    struct str  totp;
    instant     now;
};

enum err
sign_in_address(struct arena *arena, struct str typed, struct str *out, struct fault *fault)
{
    struct str trimmed = str_trim(typed);
    struct buf lower = buf_create(arena, trimmed.size + 1);

    for (size_t i = 0; i < trimmed.size; i++) {
        char letter = trimmed.data[i];
        if (letter >= 'A' && letter <= 'Z') {
            letter = (char)(letter - 'A' + 'a');
        }
        buf_byte(&lower, letter);
    }
    if (!buf_ok(&lower)) {
        return FAIL(fault, ERR_MEMORY, "an address of %zu bytes", typed.size);
    }
    *out = buf_str(&lower);
    return ERR_OK;
}

static void
put_digest(struct store_parameters *parameters, const unsigned char *digest)
{
    store_put_bytes(parameters, (struct str){(const char *)digest, SECRET_DIGEST_SIZE});
}

/* Seconds to wait before this may be tried; 0: it is counted, and may. whence NULL: anywhere. */
static enum err
count_try(struct store *store, struct arena *arena, const unsigned char *which,
          const unsigned char *whence, int64_t *wait, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    put_digest(&parameters, which);
    store_put_bytes(&parameters, (struct str){whence == NULL ? "" : (const char *)whence,
                                              whence == NULL ? 0 : SECRET_DIGEST_SIZE});
    TRY(store_run(store, "SELECT people.try($1, $2)", &parameters, arena, &rows, fault));
    *wait = store_number(&rows, 0, 0);
    return ERR_OK;
}

static enum err
forgive(struct store *store, struct arena *arena, const unsigned char *which,
        const unsigned char *whence, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    put_digest(&parameters, which);
    put_digest(&parameters, whence);
    return store_run(store, "SELECT people.forgive($1, $2), people.forgive($1, ''::bytea)",
                     &parameters, arena, NULL, fault);
}

static enum err
find_account(struct store *store, struct arena *arena, struct str email, struct account *out,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, email);
    TRY(store_run(store, "SELECT a.person, a.password, a.totp, now() FROM people.account($1) a",
                  &parameters, arena, &rows, fault));
    if (store_row_count(&rows) > 0) {
        *out = (struct account){
            store_uuid(&rows, 0, COLUMN_PERSON), store_text(&rows, 0, COLUMN_PASSWORD),
            store_text(&rows, 0, COLUMN_TOTP), store_instant(&rows, 0, COLUMN_NOW)};
    }
    return ERR_OK;
}

static enum err
use(struct store *store, struct arena *arena, const char *sql,
    const struct store_parameters *parameters, bool *used, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, sql, parameters, arena, &rows, fault));
    *used = store_truth(&rows, 0, 0);
    return ERR_OK;
}

/* A code of the authenticator, or one of those kept for the day when it is lost; each once. */
static enum err
use_code(struct store *store, struct arena *arena, const struct account *account, struct str code,
         bool *used, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    unsigned char           digest[SECRET_DIGEST_SIZE];
    int64_t                 step = 0;

    store_put_uuid(&parameters, account->person);
    if (str_all_digits(code) && code.size == TOTP_DIGITS) {
        TRY(totp_find(account->totp, code, account->now / INSTANT_PER_SECOND, &step, fault));
        store_put_number(&parameters, step);
        return step == 0
                   ? ERR_OK
                   : use(store, arena, "SELECT people.use_step($1, $2)", &parameters, used, fault);
    }
    TRY(fingerprint_of(code, digest, fault));
    put_digest(&parameters, digest);
    return use(store, arena, "SELECT people.use_recovery_code($1, $2)", &parameters, used, fault);
}

/* A hash made with older parameters is made anew while the password is at hand. */
static enum err
renew_hash(struct store *store, struct arena *arena, const struct account *account,
           struct str password, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct str              hash = {0};

    if (!password_is_dated(account->password)) {
        return ERR_OK;
    }
    TRY(password_hash(arena, password, &hash, fault));
    store_put_uuid(&parameters, account->person);
    store_put_text(&parameters, account->password);
    store_put_text(&parameters, hash);
    return store_run(store, "SELECT people.rehash($1, $2, $3)", &parameters, arena, NULL, fault);
}

/* A try at an account: who is meant, from where, and what is kept of them. */
struct trying {
    unsigned char  which[SECRET_DIGEST_SIZE];
    unsigned char  whence[SECRET_DIGEST_SIZE];
    struct account account;
    bool           right; /* the password is */
};

/* The password, counted before it is looked at; out->outcome WAIT when it was not. */
static enum err
try_password(struct store *store, struct arena *arena, const struct sign_in *attempt,
             struct trying *trying, struct sign_in_result *out, struct fault *fault)
{
    struct str email = {0};

    TRY(sign_in_address(arena, attempt->email, &email, fault));
    TRY(fingerprint_of(email, trying->which, fault));
    TRY(fingerprint_of(attempt->address, trying->whence, fault));
    TRY(count_try(store, arena, trying->which, trying->whence, &out->wait_seconds, fault));
    if (out->wait_seconds > 0) {
        out->outcome = SIGN_IN_WAIT;
        return ERR_OK;
    }
    TRY(find_account(store, arena, email, &trying->account, fault));
    trying->right = password_verify(trying->account.password, attempt->password);
    return ERR_OK;
}

/* Which person a password and a code are of; nil: nobody. */
static enum err
ask_password(struct store *store, struct arena *arena, const struct sign_in *attempt,
             struct sign_in_result *out, struct fault *fault)
{
    struct trying trying = {0};
    int64_t       wait_code = 0;
    bool          used = false;

    TRY(try_password(store, arena, attempt, &trying, out, fault));
    if (!trying.right) {
        return ERR_OK;
    }
    /* Who knows the password and not the code guesses it from wherever they like: counted apart,
     * and refused in the same words, so that nobody learns that the password was right. */
    TRY(count_try(store, arena, trying.which, NULL, &wait_code, fault));
    if (wait_code > 0) {
        return ERR_OK;
    }
    TRY(use_code(store, arena, &trying.account, attempt->code, &used, fault));
    if (!used) {
        return ERR_OK;
    }
    TRY(renew_hash(store, arena, &trying.account, attempt->password, fault));
    out->person = trying.account.person;
    return forgive(store, arena, trying.which, trying.whence, fault);
}

/* The password without a code. Codes that were guessed are not forgiven for it. */
static enum err
ask_password_alone(struct store *store, struct arena *arena, const struct sign_in *attempt,
                   struct sign_in_result *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct trying           trying = {0};

    TRY(try_password(store, arena, attempt, &trying, out, fault));
    if (!trying.right) {
        return ERR_OK;
    }
    out->person = trying.account.person;
    put_digest(&parameters, trying.which);
    put_digest(&parameters, trying.whence);
    return store_run(store, "SELECT people.forgive($1, $2)", &parameters, arena, NULL, fault);
}

/* Whose the key of a certificate is. Nobody guesses a key: nothing is counted. */
static enum err
ask_certificate(struct store *store, struct arena *arena, const struct sign_in *attempt,
                struct sign_in_result *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, STR("certificate"));
    store_put_bytes(&parameters, attempt->key);
    TRY(store_run(store, "SELECT people.identified($1, $2)", &parameters, arena, &rows, fault));
    if (!store_is_null(&rows, 0, 0)) {
        out->person = store_uuid(&rows, 0, 0);
    }
    return ERR_OK;
}

static const struct {
    struct str name;
    enum err (*ask)(struct store *store, struct arena *arena, const struct sign_in *attempt,
                    struct sign_in_result *out, struct fault *fault);
} providers[SIGN_IN_PROVIDER_COUNT] = {
    [SIGN_IN_PASSWORD] = {STR_INIT("password"),    ask_password      },
    [SIGN_IN_CERTIFICATE] = {STR_INIT("certificate"), ask_certificate   },
    [SIGN_IN_PASSWORD_ALONE] = {STR_INIT("password"),    ask_password_alone},
};

static enum err
note_refusal(struct store *store, struct arena *arena, enum sign_in_provider provider,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_text(&parameters, providers[provider].name);
    return store_run(store, "SELECT people.note('sign-in-refused', 'provider', $1, '{}'::jsonb)",
                     &parameters, arena, NULL, fault);
}

enum err
sign_in_check(struct store *store, struct arena *arena, const struct sign_in *attempt,
              struct sign_in_result *out, struct fault *fault)
{
    struct sign_in_result result = {0};

    ENSURE(attempt->provider < SIGN_IN_PROVIDER_COUNT);
    TRY(providers[attempt->provider].ask(store, arena, attempt, &result, fault));
    if (uuid_is_nil(result.person)) {
        TRY(note_refusal(store, arena, attempt->provider, fault));
    } else {
        result.outcome = SIGN_IN_DONE;
    }
    *out = result;
    return ERR_OK;
}

enum err
sign_in_try(struct store *store, struct arena *arena, const struct sign_in *attempt,
            struct sign_in_result *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct sign_in_result   result = {0};

    ENSURE(attempt->provider != SIGN_IN_PASSWORD_ALONE);
    TRY(sign_in_check(store, arena, attempt, &result, fault));
    if (result.outcome != SIGN_IN_DONE) {
        *out = result;
        return ERR_OK;
    }
    TRY(secret_make(arena, (struct str){0}, &result.token, result.digest, fault));
    store_put_uuid(&parameters, result.person);
    put_digest(&parameters, result.digest);
    store_put_text(&parameters, providers[attempt->provider].name);
    TRY(store_run(store, "SELECT people.open_session($1, $2, $3)", &parameters, arena, NULL,
                  fault));
    *out = result;
    return ERR_OK;
}
