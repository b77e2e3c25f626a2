#include "gateway/desk/appointment_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/people/appointment.h"

enum { STATUS_OK = 200, STATUS_EMPTY = 204 };

static void
write_appointment(struct json *json, const struct call *call, const struct appointment *item)
{
    json_object_begin(json);
    call_write_uuid(json, call, "id", item->appointment);
    call_write_uuid(json, call, "person", item->person);
    json_member(json, "name", item->person_name);
    json_member(json, "email", item->email);
    json_member(json, "role", item->role);
    json_member(json, "role_title", item->title);
    json_member(json, "regon", item->regon);
    json_member(json, "office", item->office);
    json_member(json, "place", item->place);
    call_write_date(json, call, "valid_from", item->valid_from);
    call_write_date(json, call, "valid_to", item->valid_to);
    call_write_uuid(json, call, "delegated_from", item->delegator);
    json_member(json, "basis", item->basis);
    call_write_instant(json, call, "ended_at", item->ended);
    json_object_end(json);
}

static enum err
answer_list(struct call *call, const struct appointment_page *page, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);
    bool        more = page->count == APPOINTMENT_PAGE;

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < page->count; i++) {
        write_appointment(&json, call, &page->items[i]);
    }
    json_array_end(&json);
    call_write_uuid(&json, call, "next_cursor",
                    more ? page->items[page->count - 1].appointment : (struct uuid){{0}});
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

enum err
appointment_endpoint_list(struct call *call, struct fault *fault)
{
    struct str              regon = call_parameter(call, "regon");
    struct str              cursor = call_parameter(call, "cursor");
    struct appointment_page page = {0};

    if (cursor.size > 0 && (cursor.size != UUID_TEXT_SIZE || !uuid_parse(cursor, &page.after))) {
        return call_refuse(call, PROBLEM_BAD_PARAMETER,
                           STR("Parametr cursor: podaj next_cursor poprzedniej strony."), fault);
    }
    TRY(call_find_unit(call, regon, &page.unit, fault));
    if (regon.size > 0) {
        bool allowed = false;
        TRY(call_may(call, PERMISSION_ACTION_READ_PEOPLE, page.unit, (struct str){0}, &allowed,
                     fault));
        if (!allowed || page.unit == 0) {
            return call_refuse_absent(call, fault);
        }
    }
    TRY(appointment_list(call->store, call->arena, &page, fault));
    return answer_list(call, &page, fault);
}

/* The appointment of the path, if this action is theirs to do with it; refused otherwise. */
static enum err
find(struct call *call, enum permission_action action, struct appointment *out, struct fault *fault)
{
    struct uuid id = {{0}};
    bool        found = false;
    bool        allowed = false;

    if (call_uuid(call, &id)) {
        TRY(appointment_find(call->store, call->arena, id, out, &found, fault));
    }
    if (found) {
        TRY(call_may(call, action, out->unit, out->office, &allowed, fault));
    }
    return found && allowed ? ERR_OK : call_refuse_absent(call, fault);
}

static enum err
answer_one(struct call *call, const struct appointment *item, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);
    struct str  tag = str_format(call->arena, "\"%lld\"", (long long)item->revision);

    write_appointment(&json, call, item);
    call_header(call, "ETag", tag);
    return call_answer(call, STATUS_OK, &body, fault);
}

enum err
appointment_endpoint_show(struct call *call, struct fault *fault)
{
    struct appointment item = {0};

    TRY(find(call, PERMISSION_ACTION_READ_PEOPLE, &item, fault));
    return call_is_refused(call) ? ERR_OK : answer_one(call, &item, fault);
}

/* Whoever may give a role may end it, and everybody their own stand-ins. */
static enum err
find_to_end(struct call *call, struct appointment *out, struct fault *fault)
{
    enum permission_role   role = PERMISSION_ROLE_PUBLIC;
    enum permission_action gift = PERMISSION_ACTION_INVITE;
    bool                   allowed = false;

    TRY(find(call, PERMISSION_ACTION_INVITE, out, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    bool known = permission_role_of(out->role, &role) && permission_gift(role, &gift);
    if (known) {
        TRY(call_may(call, gift, out->unit, out->office, &allowed, fault));
    }
    return allowed ? ERR_OK
                   : call_refuse(call, PROBLEM_NO_SCOPE,
                                 STR("Tę rolę kończy ten, kto może ją nadać."), fault);
}

/* End it on a day, or at once (year 0), unless somebody else has changed it meanwhile. */
static enum err
end(struct call *call, const struct appointment *item, struct date last_day, bool *done,
    struct fault *fault)
{
    struct appointment_ending ending = {.appointment = item->appointment, .last_day = last_day};
    bool                      given = false;

    TRY(call_revision(call, &ending.revision, &given, fault));
    if (!given) {
        return ERR_OK;
    }
    enum err got = appointment_end(call->store, call->arena, &ending, done, fault);
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    if (!*done && item->ended != 0) {
        return call_refuse(call, PROBLEM_STATE, STR("Ta rola jest już zakończona."), fault);
    }
    return *done ? ERR_OK
                 : call_refuse(call, PROBLEM_CHANGED,
                               STR("Odczytaj wpis jeszcze raz i zdecyduj, czy zmiana jest nadal "
                                   "potrzebna."),
                               fault);
}

enum err
appointment_endpoint_end(struct call *call, struct fault *fault)
{
    struct appointment item = {0};
    bool               done = false;

    TRY(find_to_end(call, &item, fault));
    if (!call_is_refused(call)) {
        TRY(end(call, &item, (struct date){0}, &done, fault));
    }
    return done ? call_answer(call, STATUS_EMPTY, NULL, fault) : ERR_OK;
}

enum err
appointment_endpoint_limit(struct call *call, struct fault *fault)
{
    struct appointment item = {0};
    struct entry       entry = {0};
    struct date        last_day = {0};
    bool               done = false;
    bool               found = false;

    TRY(find_to_end(call, &item, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_read(call, &entry, fault));
    TRY(entry_date(&entry, "valid_to", &last_day, fault));
    if (!call_is_refused(call) && last_day.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA, STR("Pole valid_to: podaj ostatni dzień roli."),
                           fault);
    }
    if (!call_is_refused(call)) {
        TRY(end(call, &item, last_day, &done, fault));
    }
    if (!done) {
        return ERR_OK;
    }
    TRY(appointment_find(call->store, call->arena, item.appointment, &item, &found, fault));
    return answer_one(call, &item, fault);
}
