#include "gateway/desk/unit_call.h"

enum { PERSON_SIZE_MAX = 40 };

static enum err
find_if_allowed(struct call *call, struct str regon, enum permission_action action,
                struct registry_unit *out, bool *allowed, struct fault *fault)
{
    bool found = false;

    *allowed = false;
    TRY(registry_find_unit(call->store, call->arena, regon, out, &found, fault));
    return found ? call_may(call, action, out->unit, (struct str){0}, allowed, fault) : ERR_OK;
}

enum err
unit_call_find(struct call *call, enum permission_action action, struct registry_unit *out,
               struct fault *fault)
{
    bool allowed = false;

    TRY(find_if_allowed(call, call->id, action, out, &allowed, fault));
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

enum err
unit_call_hold(struct call *call, enum permission_action action, struct registry_unit *out,
               struct fault *fault)
{
    TRY(event_hold(call->store, call->arena, call->id, fault));
    return unit_call_find(call, action, out, fault);
}

enum err
unit_call_named(struct call *call, struct str regon, enum permission_action action,
                struct registry_unit *out, struct fault *fault)
{
    bool allowed = false;

    TRY(find_if_allowed(call, regon, action, out, &allowed, fault));
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

enum err
unit_call_sign(struct call *call, struct str basis, struct fault *fault)
{
    struct buf person = buf_create(call->arena, PERSON_SIZE_MAX);

    if (call->session.program != 0) {
        buf_format(&person, "token/%lld", (long long)call->session.program);
    } else {
        uuid_write(&person, call->session.person);
    }
    return event_sign(call->store, call->arena, buf_str(&person), basis, fault);
}

enum err
unit_call_revision(struct call *call, int64_t unit, int64_t *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit);
    TRY(store_run(call->store, "SELECT registry.revision_of($1)", &parameters, call->arena, &rows,
                  fault));
    *out = store_number(&rows, 0, 0);
    return ERR_OK;
}

void
unit_call_tag(struct call *call, int64_t revision)
{
    call_header(call, "ETag", str_format(call->arena, "\"%lld\"", (long long)revision));
}

enum err
unit_call_match(struct call *call, int64_t unit, struct fault *fault)
{
    int64_t wanted = 0;
    int64_t revision = 0;
    bool    given = false;

    TRY(call_revision(call, &wanted, &given, fault));
    if (!given) {
        return ERR_OK;
    }
    TRY(unit_call_revision(call, unit, &revision, fault));
    return revision == wanted
               ? ERR_OK
               : call_refuse(call, PROBLEM_CHANGED,
                             STR("Odczytaj jednostkę jeszcze raz i zdecyduj, czy zmiana jest nadal "
                                 "potrzebna."),
                             fault);
}

enum err
unit_call_answer(struct call *call, int status, const struct registry_unit *unit, enum err got,
                 struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);
    int64_t     revision = 0;

    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(unit_call_revision(call, unit->unit, &revision, fault));
    json_object_begin(&json);
    json_member(&json, "regon", unit->regon);
    json_member(&json, "name", unit->name);
    json_member(&json, "type", unit->type);
    json_member(&json, "kind", unit->kind);
    call_write_date(&json, call, "valid_from", unit->valid_from);
    call_write_date(&json, call, "valid_to", unit->valid_to);
    json_object_end(&json);
    unit_call_tag(call, revision);
    return call_answer(call, status, &body, fault);
}
