#include "gateway/desk/password_entry.h"

#include "gateway/people/password.h"
#include "gateway/qr_code/qr_code.h"

enum err
password_entry_judge(struct call *call, struct str password, struct str email, struct str name,
                     struct fault *fault)
{
    static const char *const words[] = {
        [PASSWORD_TOO_SHORT] = "Hasło ma mieć co najmniej 12 znaków. Dobre są cztery zwykłe słowa.",
        [PASSWORD_TOO_LONG] = "Hasło ma mieć najwyżej 256 bajtów.",
        [PASSWORD_NOT_TEXT] = "Hasło ma być tekstem bez znaków sterujących.",
        [PASSWORD_OBVIOUS] = "Hasło zawiera adres osoby albo za mało różnych znaków.",
        [PASSWORD_GUESSABLE] =
            ("Takie hasło łatwo odgadnąć: tworzą je kolejne cyfry, litery albo "
             "klawisze, powtórzenia, rok, imię i nazwisko albo słowa, od których "
             "każdy zaczyna. Dobre są cztery zwykłe słowa."),
    };
    enum password_fault why = password_judge(password, email, name);

    return why == PASSWORD_GOOD ? ERR_OK
                                : call_refuse(call, PROBLEM_BAD_DATA, str_of(words[why]), fault);
}

static enum err
refuse(struct call *call, const struct sign_in_result *result, struct fault *fault)
{
    if (result->outcome == SIGN_IN_WAIT) {
        call_header(call, "Retry-After",
                    str_format(call->arena, "%lld", (long long)result->wait_seconds));
        return call_refuse(call, PROBLEM_SIGN_IN_LATER,
                           STR("Z tego miejsca było za dużo nieudanych prób dla tego adresu. "
                               "Poczekaj tyle sekund, ile podaje nagłówek Retry-After."),
                           fault);
    }
    return call_refuse(call, PROBLEM_BAD_DATA,
                       STR("Obecne hasło albo kod nie pasuje. Kod z aplikacji działa raz: po "
                           "zalogowaniu poczekaj na następny albo użyj kodu zapasowego."),
                       fault);
}

enum err
password_entry_prove(struct call *call, struct sign_in attempt, struct fault *fault)
{
    struct sign_in_result result = {0};
    struct uuid           person = call->session.person;

    attempt.email = call->session.email;
    attempt.address = call->petition->address;
    TRY(store_commit(call->store, fault));
    TRY(sign_in_check(call->store, call->arena, &attempt, &result, fault));
    if (result.outcome != SIGN_IN_DONE) {
        return refuse(call, &result, fault);
    }
    TRY(store_begin(call->store, fault));
    TRY(people_session_enter(call->store, call->arena, call->petition->session, &call->session,
                             fault));
    if (call->session.session == 0 || !uuid_equal(call->session.person, person)) {
        return call_refuse(call, PROBLEM_NO_SESSION, STR("Zaloguj się: POST /api/v1/session."),
                           fault);
    }
    return ERR_OK;
}

/* The address of an authenticator as an image for a page, and for a terminal. */
static enum err
write_codes(struct json *json, struct str uri, struct fault *fault)
{
    struct arena  *arena = json->out->arena;
    struct qr_code code = {0};
    struct buf     svg = buf_create(arena, QR_CODE_SVG_MAX);
    struct buf     blocks = buf_create(arena, QR_CODE_BLOCKS_MAX);

    if (uri.size > 0) {
        TRY(qr_code_create(arena, uri, &code, fault));
        qr_code_write_svg(&svg, &code, STR("Kod QR z kluczem dla aplikacji z kodami"));
        qr_code_write_blocks(&blocks, &code);
        if (!buf_ok(&svg) || !buf_ok(&blocks)) {
            return FAIL(fault, ERR_MEMORY, "a QR code of %zu modules", code.width);
        }
    }
    json_member(json, "totp_qr_svg", uri.size > 0 ? buf_str(&svg) : (struct str){0});
    json_member(json, "totp_qr_text", uri.size > 0 ? buf_str(&blocks) : (struct str){0});
    return ERR_OK;
}

enum err
password_entry_write(struct json *json, const struct invitation_welcome *welcome,
                     struct fault *fault)
{
    json_member(json, "totp_uri", welcome->totp_uri);
    json_member(json, "totp_secret", welcome->totp_secret);
    TRY(write_codes(json, welcome->totp_uri, fault));
    json_key(json, "recovery_codes");
    json_array_begin(json);
    for (size_t i = 0; welcome->totp_uri.size > 0 && i < INVITATION_RECOVERY_CODES; i++) {
        json_text(json, welcome->codes[i]);
    }
    json_array_end(json);
    return ERR_OK;
}
