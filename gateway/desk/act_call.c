#include "gateway/desk/act_call.h"

enum { STATUS_OK = 200, PERSON_SIZE_MAX = 40, BASIS_SIZE_MAX = 1000 };

enum err
act_call_begin(struct call *call, const struct entry *entry, struct act *out, struct fault *fault)
{
    struct buf        person = buf_create(call->arena, PERSON_SIZE_MAX);
    struct store_rows rows = {0};

    *out = (struct act){.store = call->store, .arena = call->arena};
    TRY(entry_need(entry, "basis", &out->basis, fault));
    if (out->basis.size > BASIS_SIZE_MAX && !call_is_refused(call)) {
        return call_refuse(call, PROBLEM_BAD_DATA, STR("Pole basis: najwyżej 1000 bajtów."), fault);
    }
    TRY(store_run(call->store, "SELECT now() + clock_offset FROM registry.setting", NULL,
                  call->arena, &rows, fault));
    out->now = store_instant(&rows, 0, 0);
    uuid_write(&person, call->session.person);
    out->by = buf_str(&person);
    return ERR_OK;
}

enum err
act_call_match(struct call *call, const struct act_entries *entries, struct fault *fault)
{
    int64_t revision = 0;
    bool    given = false;

    TRY(call_revision(call, &revision, &given, fault));
    if (!given || revision == entries->revision) {
        return ERR_OK;
    }
    return call_refuse(
        call, PROBLEM_CHANGED,
        STR("Odczytaj wpisy jeszcze raz i zdecyduj, czy zmiana jest nadal potrzebna."), fault);
}

static void
write_entry(struct json *json, const struct call *call, const struct act_entry *entry)
{
    json_object_begin(json);
    json_member(json, "kind", entry->kind);
    json_key(json, "id");
    json_number(json, entry->number);
    json_member(json, "regon", entry->unit);
    json_member(json, "form", entry->form);
    json_member(json, "period", entry->period);
    call_write_date(json, call, "first_end", entry->first);
    call_write_date(json, call, "last_end", entry->last);
    call_write_date(json, call, "on", entry->on);
    json_member(json, "place", entry->place);
    json_member(json, "basis", entry->basis);
    json_member(json, "entered_by", entry->by);
    json_member(json, "entered_by_name", entry->by_name);
    call_write_instant(json, call, "entered_at", entry->at);
    call_write_instant(json, call, "revoked_at", entry->revoked_at);
    json_member(json, "revoked_by", entry->revoked_by);
    json_member(json, "revoked_by_name", entry->revoked_by_name);
    json_member(json, "revoked_basis", entry->revoked_basis);
    json_object_end(json);
}

static void
tag(struct call *call, const struct act_entries *entries)
{
    call_header(call, "ETag", str_format(call->arena, "\"%lld\"", (long long)entries->revision));
}

enum err
act_call_answer_list(struct call *call, const struct act_entries *entries, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < entries->count; i++) {
        write_entry(&json, call, &entries->items[i]);
    }
    json_array_end(&json);
    json_object_end(&json);
    tag(call, entries);
    return call_answer(call, STATUS_OK, &body, fault);
}

enum err
act_call_answer(struct call *call, int status, const struct act_entries *entries,
                const struct act_entry *entry, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);

    ENSURE(entry != NULL);
    write_entry(&json, call, entry);
    tag(call, entries);
    return call_answer(call, status, &body, fault);
}
