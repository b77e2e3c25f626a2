#include "gateway/desk/invitation_endpoint.h"

#include "gateway/desk/password_entry.h"
#include "gateway/letter/letter.h"
#include "gateway/people/invitation.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201, STATUS_EMPTY = 204, ROLES_SIZE_MAX = 400 };

static void
write_members(struct json *json, const struct call *call, const struct invitation *invitation)
{
    call_write_uuid(json, call, "id", invitation->invitation);
    json_member(json, "email", invitation->email);
    json_member(json, "name", invitation->name);
    json_member(json, "role", invitation->role);
    json_member(json, "regon", invitation->regon);
    json_member(json, "office", invitation->office);
    json_member(json, "place", invitation->place);
    call_write_date(json, call, "valid_from", invitation->valid_from);
    call_write_date(json, call, "valid_to", invitation->valid_to);
    json_member(json, "basis", invitation->basis);
    call_write_instant(json, call, "expires_at", invitation->expires);
    json_member(json, "letter", invitation->letter);
    call_write_instant(json, call, "letter_at", invitation->letter_ended);
}

enum err
invitation_endpoint_list(struct call *call, struct fault *fault)
{
    struct invitation *list = NULL;
    size_t             count = 0;
    struct buf         body = call_body(call);
    struct json        json = json_create(&body);

    TRY(invitation_list(call->store, call->arena, &list, &count, fault));
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(&json);
        write_members(&json, call, &list[i]);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

/* Store it. Its link goes out as a letter, and nobody but its reader sees it; where there are no
 * letters its secret is shown, this once. */
static enum err
make(struct call *call, struct invitation *invitation, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);
    struct str  token = {0};
    bool        found = false;
    bool        sent = call->config->mail_url.size > 0;

    if (sent && !letter_address_ok(invitation->email)) {
        return call_refuse(
            call, PROBLEM_BAD_DATA,
            STR("Pole email: na ten adres brama nie wyśle listu. Wpisz adres z liter "
                "bez ogonków, np. anna@urzad.example."),
            fault);
    }
    enum err got = invitation_make(call->store, call->arena, invitation, &invitation->invitation,
                                   &token, fault);

    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(invitation_find(call->store, call->arena, invitation->invitation, invitation, &found,
                        fault));
    if (sent) {
        got = invitation_post(call->store, call->arena, invitation->invitation,
                              call->config->mail_day_max, fault);
    }
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    json_object_begin(&json);
    write_members(&json, call, invitation);
    json_member(&json, "token", sent ? (struct str){0} : token);
    json_key(&json, "sent");
    json_truth(&json, sent);
    json_object_end(&json);
    return call_answer(call, STATUS_CREATED, &body, fault);
}

/* Who is invited, and for which days; without a first day: from today. */
static enum err
read_person(struct call *call, const struct entry *entry, struct invitation *out,
            struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(entry_need(entry, "email", &out->email, fault));
    TRY(entry_need(entry, "name", &out->name, fault));
    TRY(entry_date(entry, "valid_from", &out->valid_from, fault));
    TRY(entry_date(entry, "valid_to", &out->valid_to, fault));
    if (out->valid_from.year == 0) {
        TRY(store_run(call->store, "SELECT registry.today()", NULL, call->arena, &rows, fault));
        out->valid_from = store_date(&rows, 0, 0);
    }
    return ERR_OK;
}

/* "Pole role: takiej roli nie ma. Role: sender, ..." */
static enum err
refuse_role(struct call *call, struct fault *fault)
{
    struct buf  detail = buf_create(call->arena, ROLES_SIZE_MAX);
    const char *before = "Pole role: takiej roli nie ma. Role: ";

    for (int role = PERMISSION_ROLE_PUBLIC + 1; role < PERMISSION_ROLE_COUNT; role++) {
        buf_format(&detail, "%s%s", before, permission_role_word((enum permission_role)role));
        before = ", ";
    }
    buf_byte(&detail, '.');
    return call_refuse(call, PROBLEM_BAD_DATA, buf_str(&detail), fault);
}

/* Whether the one who asks may give this role there: refused otherwise. */
static enum err
check_gift(struct call *call, const struct invitation *invitation, struct fault *fault)
{
    enum permission_role   role = PERMISSION_ROLE_PUBLIC;
    enum permission_action gift = PERMISSION_ACTION_INVITE;
    bool                   allowed = false;

    if (!permission_role_of(invitation->role, &role) || !permission_gift(role, &gift)) {
        return refuse_role(call, fault);
    }
    if (!permission_ever(call->session.role, gift)) {
        return call_refuse(call, PROBLEM_NO_SCOPE,
                           STR("Tej roli nie nadaje się w roli, w której działasz."), fault);
    }
    TRY(call_may(call, gift, invitation->unit, invitation->office, &allowed, fault));
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

enum err
invitation_endpoint_make(struct call *call, struct fault *fault)
{
    struct entry      entry = {0};
    struct invitation invitation = {0};
    struct str        regon = {0};

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "role", &invitation.role, fault));
    TRY(entry_text(&entry, "regon", &regon, fault));
    TRY(entry_text(&entry, "office", &invitation.office, fault));
    TRY(read_person(call, &entry, &invitation, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(call_find_unit(call, regon, &invitation.unit, fault));
    if (regon.size > 0 && invitation.unit == 0) {
        return call_refuse_absent(call, fault);
    }
    TRY(check_gift(call, &invitation, fault));
    return call_is_refused(call) ? ERR_OK : make(call, &invitation, fault);
}

enum err
invitation_endpoint_delegate(struct call *call, struct fault *fault)
{
    struct entry      entry = {0};
    struct invitation invitation = {
        .role = str_of(permission_role_word(call->session.role)),
        .unit = call->session.unit,
        .office = call->session.office,
        .delegator = call->session.appointment,
    };

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "basis", &invitation.basis, fault));
    TRY(read_person(call, &entry, &invitation, fault));
    return call_is_refused(call) ? ERR_OK : make(call, &invitation, fault);
}

static enum err
answer_accepted(struct call *call, const struct invitation_welcome *welcome, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);

    json_object_begin(&json);
    call_write_uuid(&json, call, "appointment", welcome->appointment);
    TRY(password_entry_write(&json, welcome, fault));
    json_object_end(&json);
    return call_answer(call, STATUS_CREATED, &body, fault);
}

enum err
invitation_endpoint_accept(struct call *call, struct fault *fault)
{
    struct entry              entry = {0};
    struct str                token = {0};
    struct str                password = {0};
    struct invitation_offer   offer = {0};
    struct invitation_welcome welcome = {0};
    bool                      found = false;

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "token", &token, fault));
    TRY(entry_secret(&entry, "password", &password, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(invitation_look(call->store, call->arena, token, &offer, &found, fault));
    if (!found) {
        return call_refuse(call, PROBLEM_NOT_FOUND,
                           STR("Zaproszenie działa raz i przez siedem dni. Poproś o nowe osobę, "
                               "która je wysłała."),
                           fault);
    }
    if (offer.known && call->session.session == 0) {
        return call_refuse(call, PROBLEM_NO_SESSION,
                           STR("Masz już konto w bramie. Zaloguj się i przyjmij zaproszenie "
                               "jeszcze raz."),
                           fault);
    }
    if (!offer.known) {
        TRY(password_entry_judge(call, password, offer.email, offer.name, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    enum err got = invitation_accept(call->store, call->arena, token, password, &welcome, fault);
    return got == ERR_OK ? answer_accepted(call, &welcome, fault)
                         : call_refuse_denied(call, got, fault);
}

enum err
invitation_endpoint_revoke(struct call *call, struct fault *fault)
{
    struct uuid       id = {{0}};
    struct invitation invitation = {0};
    bool              found = false;

    if (call_uuid(call, &id)) {
        TRY(invitation_find(call->store, call->arena, id, &invitation, &found, fault));
    }
    if (!found) {
        return call_refuse_absent(call, fault);
    }
    if (!uuid_equal(invitation.made_by, call->session.person)) {
        TRY(check_gift(call, &invitation, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(invitation_revoke(call->store, call->arena, id, &found, fault));
    return found ? call_answer(call, STATUS_EMPTY, NULL, fault) : call_refuse_absent(call, fault);
}
