#include "gateway/desk/account_endpoint.h"

#include "gateway/desk/password_entry.h"
#include "gateway/letter/letter.h"
#include "gateway/people/account.h"
#include "gateway/people/appointment.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201, STATUS_EMPTY = 204, DIGEST_SIZE = 32 };

enum err
account_endpoint_password(struct call *call, struct fault *fault)
{
    struct entry   entry = {0};
    struct sign_in attempt = {.provider = SIGN_IN_PASSWORD_ALONE};
    struct str     fresh = {0};

    TRY(entry_read(call, &entry, fault));
    TRY(entry_secret(&entry, "password", &attempt.password, fault));
    TRY(entry_secret(&entry, "new_password", &fresh, fault));
    if (!call_is_refused(call)) {
        TRY(password_entry_judge(call, fresh, call->session.email, call->session.name, fault));
    }
    if (!call_is_refused(call)) {
        TRY(password_entry_prove(call, attempt, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(account_change_password(call->store, call->arena, call->petition->session, fresh, fault));
    return call_answer(call, STATUS_EMPTY, NULL, fault);
}

/* The secrets that somebody has now, for the only time. */
static enum err
answer_secrets(struct call *call, const struct account_secrets *secrets, struct str email,
               struct fault *fault)
{
    struct invitation_welcome welcome = {0};
    struct buf                body = call_body(call);
    struct json               json = json_create(&body);

    TRY(account_show_secrets(call->arena, secrets, email, &welcome, fault));
    json_object_begin(&json);
    TRY(password_entry_write(&json, &welcome, fault));
    json_object_end(&json);
    return call_answer(call, STATUS_CREATED, &body, fault);
}

enum err
account_endpoint_authenticator(struct call *call, struct fault *fault)
{
    struct entry           entry = {0};
    struct sign_in         attempt = {.provider = SIGN_IN_PASSWORD};
    struct account_secrets secrets = {0};

    TRY(entry_read(call, &entry, fault));
    TRY(entry_secret(&entry, "password", &attempt.password, fault));
    TRY(entry_text(&entry, "code", &attempt.code, fault));
    if (!call_is_refused(call)) {
        TRY(password_entry_prove(call, attempt, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(account_make_secrets(call->arena, (struct str){0}, &secrets, fault));
    TRY(account_offer_authenticator(call->store, call->arena, &secrets, fault));
    return answer_secrets(call, &secrets, call->session.email, fault);
}

/* Who has the new one in their hand: from here on it is the one. */
enum err
account_endpoint_confirm(struct call *call, struct fault *fault)
{
    struct entry        entry = {0};
    struct str          code = {0};
    enum account_taking taking = ACCOUNT_NOTHING_OFFERED;

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "code", &code, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(account_take_authenticator(call->store, call->arena, call->petition->session, code, &taking,
                                   fault));
    if (taking == ACCOUNT_WRONG_CODE) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Kod nie pasuje do nowej aplikacji; poprzednia nadal działa. "
                               "Sprawdź zegar telefonu i wpisz następny kod."),
                           fault);
    }
    return taking == ACCOUNT_TAKEN
               ? call_answer(call, STATUS_EMPTY, NULL, fault)
               : call_refuse(call, PROBLEM_STATE,
                             STR("Żadna nowa aplikacja nie czeka na potwierdzenie: czeka kwadrans. "
                                 "Zacznij od nowa: POST /api/v1/account/authenticator."),
                             fault);
}

/* The digest of a certificate's key, as the API names it. */
static struct str
name_of(struct call *call, struct str digest)
{
    struct buf hex = buf_create(call->arena, 2 * (size_t)DIGEST_SIZE);

    buf_hex(&hex, (const unsigned char *)digest.data, digest.size);
    return buf_str(&hex);
}

enum err
account_endpoint_certificates(struct call *call, struct fault *fault)
{
    struct account_certificate *list = NULL;
    size_t                      count = 0;
    struct buf                  body = call_body(call);
    struct json                 json = json_create(&body);

    TRY(account_certificates(call->store, call->arena, &list, &count, fault));
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(&json);
        json_member(&json, "id", name_of(call, list[i].digest));
        call_write_instant(&json, call, "bound_at", list[i].bound);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

/* The certificate of this very connection. */
enum err
account_endpoint_bind(struct call *call, struct fault *fault)
{
    struct entry   entry = {0};
    struct sign_in attempt = {.provider = SIGN_IN_PASSWORD_ALONE};
    struct str     digest = {(const char *)call->petition->key, DIGEST_SIZE};
    struct buf     body = call_body(call);
    struct json    json = json_create(&body);
    bool           bound = false;

    TRY(entry_read(call, &entry, fault));
    TRY(entry_secret(&entry, "password", &attempt.password, fault));
    if (!call_is_refused(call) && !call->petition->has_key) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Połącz się z bramą z certyfikatem, który chcesz związać ze sobą."),
                           fault);
    }
    if (!call_is_refused(call)) {
        TRY(password_entry_prove(call, attempt, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(account_bind(call->store, call->arena, digest, &bound, fault));
    if (!bound) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Ten certyfikat jest już związany z kimś innym albo z jednostką. "
                               "Użyj innego."),
                           fault);
    }
    json_object_begin(&json);
    json_member(&json, "id", name_of(call, digest));
    json_object_end(&json);
    return call_answer(call, STATUS_CREATED, &body, fault);
}

enum err
account_endpoint_unbind(struct call *call, struct fault *fault)
{
    struct account_certificate *list = NULL;
    size_t                      count = 0;
    bool                        found = false;

    TRY(account_certificates(call->store, call->arena, &list, &count, fault));
    for (size_t i = 0; i < count && !found; i++) {
        if (str_equal(name_of(call, list[i].digest), call->id)) {
            TRY(account_unbind(call->store, call->arena, list[i].digest, &found, fault));
        }
    }
    return found ? call_answer(call, STATUS_EMPTY, NULL, fault) : call_refuse_absent(call, fault);
}

/* The appointment of the path, if this one may give it; refused otherwise. */
static enum err
find_given(struct call *call, struct appointment *out, struct fault *fault)
{
    enum permission_action gift = PERMISSION_ACTION_INVITE;
    enum permission_role   role = PERMISSION_ROLE_PUBLIC;
    struct uuid            id = {{0}};
    bool                   found = false;
    bool                   seen = false;
    bool                   given = false;

    if (call_uuid(call, &id)) {
        TRY(appointment_find(call->store, call->arena, id, out, &found, fault));
    }
    if (found) {
        TRY(call_may(call, PERMISSION_ACTION_INVITE, out->unit, out->office, &seen, fault));
    }
    if (!found || !seen) {
        return call_refuse_absent(call, fault);
    }
    if (permission_role_of(out->role, &role) && permission_gift(role, &gift)) {
        TRY(call_may(call, gift, out->unit, out->office, &given, fault));
    }
    return given ? ERR_OK
                 : call_refuse(call, PROBLEM_NO_SCOPE,
                               STR("Tej roli nie nadajesz, więc nie możesz przywrócić dostępu."),
                               fault);
}

enum err
account_endpoint_offer(struct call *call, struct fault *fault)
{
    struct appointment appointment = {0};
    struct str         token = {0};
    struct buf         body = call_body(call);
    struct json        json = json_create(&body);
    enum err           got = ERR_OK;

    TRY(find_given(call, &appointment, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(account_offer(call->store, call->arena, appointment.appointment, &token, fault));
    if (token.size == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Ta osoba ma też role, których nie nadajesz, albo nie ma jeszcze "
                               "konta. Dostęp przywróci jej operator bramy."),
                           fault);
    }
    /* Shown where no letter can go. */
    bool sent = call->config->mail_url.size > 0 && letter_address_ok(appointment.email);
    if (sent) {
        got = account_post(call->store, call->arena, token, call->config->mail_day_max, fault);
    }
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    json_object_begin(&json);
    json_member(&json, "token", sent ? (struct str){0} : token);
    json_key(&json, "sent");
    json_truth(&json, sent);
    json_object_end(&json);
    return call_answer(call, STATUS_CREATED, &body, fault);
}

enum err
account_endpoint_restore(struct call *call, struct fault *fault)
{
    struct entry           entry = {0};
    struct str             token = {0};
    struct str             password = {0};
    struct str             email = {0};
    struct account_secrets secrets = {0};
    bool                   restored = false;

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "token", &token, fault));
    TRY(entry_secret(&entry, "password", &password, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(account_of_offer(call->store, call->arena, token, &email, fault));
    if (email.size > 0) {
        TRY(password_entry_judge(call, password, email, (struct str){0}, fault));
        if (call_is_refused(call)) {
            return ERR_OK;
        }
        TRY(account_make_secrets(call->arena, password, &secrets, fault));
        TRY(account_restore(call->store, call->arena, token, &secrets, &restored, fault));
    }
    return restored
               ? answer_secrets(call, &secrets, email, fault)
               : call_refuse(call, PROBLEM_NOT_FOUND,
                             STR("Odnośnik działa raz i przez siedem dni. Poproś o nowy osobę, "
                                 "która go dała."),
                             fault);
}
