#include "gateway/desk/session_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/page_guard/page_guard.h"
#include "gateway/people/password.h"
#include "gateway/people/sign_in.h"

#include <string.h>

enum { COOKIE_SIZE_MAX = 160, STATUS_OK = 200, STATUS_CREATED = 201, STATUS_EMPTY = 204 };

/* Lax, so that a link in a letter finds who is signed in; what changes anything needs the CSRF
 * token besides. With this prefix a browser takes it from this very host over TLS alone. */
static void
give_cookie(struct call *call, struct str token)
{
    struct buf cookie = buf_create(call->arena, COOKIE_SIZE_MAX);

    buf_format(&cookie, "__Host-brama=%.*s; Path=/; Secure; HttpOnly; SameSite=Lax%s",
               STR_ARG(token), token.size == 0 ? "; Max-Age=0" : "");
    call_header(call, "Set-Cookie", buf_str(&cookie));
}

static void
write_place(struct json *json, const struct call *call, const struct people_place *place)
{
    json_object_begin(json);
    call_write_uuid(json, call, "id", place->appointment);
    json_member(json, "role", place->role);
    json_member(json, "role_title", place->title);
    json_member(json, "regon", place->regon);
    json_member(json, "office", place->office);
    json_member(json, "name", place->name);
    json_object_end(json);
}

/* Who is signed in, acting as what, and what else they may act as. */
static enum err
answer(struct call *call, int status, const unsigned char *digest, struct fault *fault)
{
    struct people_place *places = NULL;
    size_t               count = 0;
    struct str           csrf = {0};
    struct buf           body = call_body(call);
    struct json          json = json_create(&body);

    TRY(people_session_places(call->store, call->arena, &places, &count, fault));
    TRY(page_guard_token(call->arena, digest, &csrf, fault));
    json_object_begin(&json);
    call_write_uuid(&json, call, "person", call->session.person);
    json_member(&json, "name", call->session.name);
    json_member(&json, "email", call->session.email);
    call_write_instant(&json, call, "expires_at", call->session.expires);
    call_write_uuid(&json, call, "appointment", call->session.appointment);
    json_key(&json, "appointments");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        write_place(&json, call, &places[i]);
    }
    json_array_end(&json);
    json_member(&json, "csrf_token", csrf);
    json_object_end(&json);
    return call_answer(call, status, &body, fault);
}

static enum err
refuse(struct call *call, const struct sign_in_result *result, struct fault *fault)
{
    struct str seconds = str_format(call->arena, "%lld", (long long)result->wait_seconds);

    if (result->outcome == SIGN_IN_WAIT) {
        call_header(call, "Retry-After", seconds);
        return call_refuse(call, PROBLEM_SIGN_IN_LATER,
                           STR("Z tego miejsca było za dużo nieudanych prób dla tego adresu. "
                               "Poczekaj tyle sekund, ile podaje nagłówek Retry-After."),
                           fault);
    }
    return call_refuse(call, PROBLEM_SIGN_IN_REFUSED,
                       STR("Sprawdź adres, hasło i kod. Kod z aplikacji działa raz i około minuty. "
                           "Jeżeli wszystko się zgadza, spróbuj ponownie za kwadrans."),
                       fault);
}

/* Enter as the session that was just made, and show it. */
static enum err
welcome(struct call *call, const struct sign_in_result *result, struct fault *fault)
{
    TRY(store_begin(call->store, fault));
    TRY(people_session_enter(call->store, call->arena, result->digest, &call->session, fault));
    give_cookie(call, result->token);
    return answer(call, STATUS_CREATED, result->digest, fault);
}

static enum err
read_attempt(struct call *call, struct sign_in *out, struct fault *fault)
{
    struct entry entry = {0};

    out->address = call->petition->address;
    if (call->petition->body.size == 0 && call->petition->has_key) {
        out->provider = SIGN_IN_CERTIFICATE;
        out->key = fingerprint_str(call->petition->key);
        return ERR_OK;
    }
    out->provider = SIGN_IN_PASSWORD;
    TRY(entry_read(call, &entry, fault));
    TRY(entry_text(&entry, "email", &out->email, fault));
    TRY(entry_secret(&entry, "password", &out->password, fault));
    return entry_text(&entry, "code", &out->code, fault);
}

enum err
session_endpoint_open(struct call *call, struct fault *fault)
{
    struct sign_in        attempt = {0};
    struct sign_in_result result = {0};

    TRY(read_attempt(call, &attempt, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(sign_in_try(call->store, call->arena, &attempt, &result, fault));
    return result.outcome == SIGN_IN_DONE ? welcome(call, &result, fault)
                                          : refuse(call, &result, fault);
}

enum err
session_endpoint_show(struct call *call, struct fault *fault)
{
    return answer(call, STATUS_OK, call->petition->session, fault);
}

enum err
session_endpoint_turn(struct call *call, struct fault *fault)
{
    struct entry  entry = {0};
    struct uuid   appointment = {{0}};
    struct str    token = {0};
    unsigned char digest[FINGERPRINT_SIZE];

    TRY(entry_read(call, &entry, fault));
    TRY(entry_uuid(&entry, "appointment", &appointment, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(people_session_turn(call->store, call->arena, call->petition->session, appointment, &token,
                            fault));
    if (token.size == 0) {
        return call_refuse_absent(call, fault);
    }
    TRY(fingerprint_of(token, digest, fault));
    TRY(people_session_enter(call->store, call->arena, digest, &call->session, fault));
    give_cookie(call, token);
    return answer(call, STATUS_OK, digest, fault);
}

enum err
session_endpoint_close(struct call *call, struct fault *fault)
{
    TRY(people_session_close(call->store, call->arena, call->petition->session, fault));
    give_cookie(call, (struct str){0});
    call_header(call, "Clear-Site-Data", STR("\"cache\", \"storage\""));
    return call_answer(call, STATUS_EMPTY, NULL, fault);
}
