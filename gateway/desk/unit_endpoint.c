#include "gateway/desk/unit_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/registry/event.h"
#include "validators/identifier/identifier.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201, PERSON_SIZE_MAX = 40 };

static enum err
find(struct call *call, struct str regon, struct registry_unit *out, bool *found,
     struct fault *fault)
{
    return registry_find_unit(call->store, call->arena, regon, out, found, fault);
}

/* In the trail of units the one who asks stands by their id. */
static enum err
sign(struct call *call, struct str basis, struct fault *fault)
{
    struct buf person = buf_create(call->arena, PERSON_SIZE_MAX);

    uuid_write(&person, call->session.person);
    return event_sign(call->store, call->arena, buf_str(&person), basis, fault);
}

static enum err
answer(struct call *call, int status, const struct registry_unit *unit, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);

    json_object_begin(&json);
    json_member(&json, "regon", unit->regon);
    json_member(&json, "name", unit->name);
    json_member(&json, "type", unit->type);
    json_member(&json, "kind", unit->kind);
    call_write_date(&json, call, "valid_from", unit->valid_from);
    call_write_date(&json, call, "valid_to", unit->valid_to);
    json_object_end(&json);
    return call_answer(call, status, &body, fault);
}

static enum err
read_unit(struct call *call, const struct entry *entry, struct registry_unit *out,
          struct fault *fault)
{
    TRY(entry_need(entry, "regon", &out->regon, fault));
    TRY(entry_text(entry, "nip", &out->nip, fault));
    TRY(entry_need(entry, "name", &out->name, fault));
    TRY(entry_need(entry, "type", &out->type, fault));
    TRY(entry_need(entry, "kind", &out->kind, fault));
    TRY(entry_date(entry, "valid_from", &out->valid_from, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    if (out->valid_from.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole valid_from: podaj pierwszy dzień jednostki."), fault);
    }
    bool good = identifier_regon(out->regon) == IDENTIFIER_OK
                && (out->nip.size == 0 || identifier_nip(out->nip) == IDENTIFIER_OK);
    return good ? ERR_OK
                : call_refuse(call, PROBLEM_BAD_DATA,
                              STR("Pole regon albo nip: cyfra kontrolna się nie zgadza. Sprawdź "
                                  "numer w zaświadczeniu."),
                              fault);
}

/* Below which unit; without one, below the one for which they act. *out without a number: refused.
 */
static enum err
read_parent(struct call *call, const struct entry *entry, struct registry_unit *out,
            struct fault *fault)
{
    struct str regon = {0};
    bool       found = false;
    bool       allowed = false;

    TRY(entry_text(entry, "parent", &regon, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(find(call, regon.size == 0 ? call->session.regon : regon, out, &found, fault));
    if (found) {
        TRY(call_may(call, PERMISSION_ACTION_ADD_UNIT, out->unit, (struct str){0}, &allowed,
                     fault));
    }
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

enum err
unit_endpoint_add(struct call *call, struct fault *fault)
{
    struct entry         entry = {0};
    struct registry_unit unit = {0};
    struct registry_unit parent = {0};

    TRY(entry_read(call, &entry, fault));
    TRY(read_unit(call, &entry, &unit, fault));
    TRY(read_parent(call, &entry, &parent, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    /* A body of a JST bears its codes. */
    unit.wk = parent.wk;
    unit.pk = parent.pk;
    unit.gk = parent.gk;
    unit.gt = parent.gt;
    unit.pt = parent.pt;
    unit.parent = parent.unit;
    TRY(sign(call, (struct str){0}, fault));
    enum err got = registry_add_unit(call->store, call->arena, &unit, &unit.unit, fault);
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(store_run(call->store, "SELECT registry.wake()", NULL, call->arena, NULL, fault));
    return answer(call, STATUS_CREATED, &unit, fault);
}

/* The unit of the path, if this action is theirs to do with it; refused otherwise. */
static enum err
find_kept(struct call *call, enum permission_action action, struct registry_unit *out,
          struct fault *fault)
{
    bool found = false;
    bool allowed = false;

    TRY(find(call, call->id, out, &found, fault));
    if (found) {
        TRY(call_may(call, action, out->unit, (struct str){0}, &allowed, fault));
    }
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

static enum err
read_revision(struct call *call, int64_t unit, int64_t *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit);
    TRY(store_run(call->store, "SELECT registry.unit_revision($1)", &parameters, call->arena, &rows,
                  fault));
    *out = store_number(&rows, 0, 0);
    return ERR_OK;
}

static enum err
answer_tagged(struct call *call, const struct registry_unit *unit, struct fault *fault)
{
    int64_t revision = 0;

    TRY(read_revision(call, unit->unit, &revision, fault));
    call_header(call, "ETag", str_format(call->arena, "\"%lld\"", (long long)revision));
    return answer(call, STATUS_OK, unit, fault);
}

/* Whether the entry is what who changes it has read; until the end of the transaction it stays so.
 * Locked first: a statement that waits for a row may see the rest as it was before. */
static enum err
need_unchanged(struct call *call, int64_t unit, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    int64_t                 wanted = 0;
    int64_t                 revision = 0;
    bool                    given = false;

    TRY(call_revision(call, &wanted, &given, fault));
    if (!given) {
        return ERR_OK;
    }
    store_put_number(&parameters, unit);
    TRY(store_run(call->store, "SELECT 1 FROM registry.unit WHERE unit = $1 FOR NO KEY UPDATE",
                  &parameters, call->arena, NULL, fault));
    TRY(read_revision(call, unit, &revision, fault));
    return revision == wanted
               ? ERR_OK
               : call_refuse(call, PROBLEM_CHANGED,
                             STR("Odczytaj jednostkę jeszcze raz i zdecyduj, czy zmiana jest nadal "
                                 "potrzebna."),
                             fault);
}

enum err
unit_endpoint_show(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};

    TRY(find_kept(call, PERMISSION_ACTION_KEEP_UNIT, &unit, fault));
    return call_is_refused(call) ? ERR_OK : answer_tagged(call, &unit, fault);
}

enum err
unit_endpoint_close(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct entry         entry = {0};
    struct str           basis = {0};

    TRY(find_kept(call, PERMISSION_ACTION_KEEP_UNIT, &unit, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_read(call, &entry, fault));
    TRY(entry_date(&entry, "valid_to", &unit.valid_to, fault));
    TRY(entry_need(&entry, "basis", &basis, fault));
    if (!call_is_refused(call) && unit.valid_to.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole valid_to: podaj ostatni dzień jednostki."), fault);
    }
    if (!call_is_refused(call)) {
        TRY(need_unchanged(call, unit.unit, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(sign(call, basis, fault));
    enum err got = registry_close_unit(call->store, call->arena, unit.unit, unit.valid_to, fault);
    return got == ERR_OK ? answer_tagged(call, &unit, fault) : call_refuse_denied(call, got, fault);
}

static enum err
read_service(struct call *call, struct event_service *out, struct registry_unit *provider,
             struct fault *fault)
{
    struct entry entry = {0};
    struct str   regon = {0};
    bool         found = false;

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "provider", &regon, fault));
    TRY(entry_date(&entry, "valid_from", &out->from, fault));
    TRY(entry_date(&entry, "valid_to", &out->to, fault));
    TRY(entry_need(&entry, "basis", &out->basis, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(find(call, regon, provider, &found, fault));
    if (!found || out->from.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole provider ma być REGON jednostki z rejestru, pole valid_from "
                               "pierwszym dniem obsługi."),
                           fault);
    }
    return ERR_OK;
}

enum err
unit_endpoint_serve(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct registry_unit provider = {0};
    struct event_service service = {.unit = &unit, .provider = &provider};

    TRY(find_kept(call, PERMISSION_ACTION_GIVE_BOOKS, &unit, fault));
    if (!call_is_refused(call)) {
        TRY(read_service(call, &service, &provider, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(sign(call, service.basis, fault));
    enum err got = event_serve(call->store, call->arena, &service, fault);
    return got == ERR_OK ? answer(call, STATUS_CREATED, &unit, fault)
                         : call_refuse_denied(call, got, fault);
}
