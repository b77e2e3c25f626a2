#include "gateway/desk/unit_event_endpoint.h"

#include "gateway/desk/unit_call.h"
#include "validators/identifier/identifier.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201 };

static void
write_services(struct json *json, const struct call *call, const struct store_rows *rows)
{
    json_key(json, "services");
    json_array_begin(json);
    for (size_t i = 0; i < store_row_count(rows); i++) {
        json_object_begin(json);
        json_member(json, "provider", store_text(rows, i, 0));
        json_member(json, "provider_name", store_text(rows, i, 1));
        call_write_date(json, call, "valid_from", store_date(rows, i, 2));
        call_write_date(json, call, "valid_to", store_date(rows, i, 3));
        json_member(json, "basis", store_text(rows, i, 4));
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_successors(struct json *json, const struct call *call, const struct store_rows *rows)
{
    json_key(json, "successors");
    json_array_begin(json);
    for (size_t i = 0; i < store_row_count(rows); i++) {
        json_object_begin(json);
        json_member(json, "regon", store_text(rows, i, 0));
        json_member(json, "name", store_text(rows, i, 1));
        json_member(json, "kind", store_text(rows, i, 2));
        call_write_date(json, call, "day", store_date(rows, i, 3));
        json_member(json, "basis", store_text(rows, i, 4));
        json_object_end(json);
    }
    json_array_end(json);
}

static enum err
ask_of(struct call *call, const char *sql, int64_t unit, struct store_rows *out,
       struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);

    store_put_number(&parameters, unit);
    return store_run(call->store, sql, &parameters, call->arena, out, fault);
}

/* What of a unit stands in tables of their own. */
struct around {
    struct store_rows parent;
    struct store_rows services;
    struct store_rows successors;
    int64_t           revision;
};

static enum err
read_around(struct call *call, const struct registry_unit *unit, struct around *out,
            struct fault *fault)
{
    TRY(ask_of(call, "SELECT regon FROM registry.unit WHERE unit = $1", unit->parent, &out->parent,
               fault));
    TRY(ask_of(call,
               "SELECT u.regon, u.name, s.valid_from, s.valid_to, s.basis FROM registry.service s"
               " JOIN registry.unit u ON u.unit = s.provider WHERE s.unit = $1"
               " ORDER BY s.valid_from, s.service",
               unit->unit, &out->services, fault));
    TRY(ask_of(call,
               "SELECT u.regon, u.name, s.kind, s.day, s.basis FROM registry.succession s"
               " JOIN registry.unit u ON u.unit = s.successor WHERE s.predecessor = $1"
               " ORDER BY u.regon",
               unit->unit, &out->successors, fault));
    return unit_call_revision(call, unit->unit, &out->revision, fault);
}

enum err
unit_event_endpoint_show(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct around        around = {0};
    struct buf           body = call_body(call);
    struct json          json = json_create(&body);

    TRY(unit_call_find(call, PERMISSION_ACTION_READ_UNIT, &unit, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(read_around(call, &unit, &around, fault));
    bool is_below = store_row_count(&around.parent) > 0;
    json_object_begin(&json);
    json_member(&json, "regon", unit.regon);
    json_member(&json, "nip", unit.nip);
    json_member(&json, "name", unit.name);
    json_member(&json, "type", unit.type);
    json_member(&json, "kind", unit.kind);
    json_member(&json, "jop", unit.jop);
    json_member(&json, "parent", is_below ? store_text(&around.parent, 0, 0) : (struct str){0});
    call_write_date(&json, call, "valid_from", unit.valid_from);
    call_write_date(&json, call, "valid_to", unit.valid_to);
    write_services(&json, call, &around.services);
    write_successors(&json, call, &around.successors);
    json_object_end(&json);
    unit_call_tag(call, around.revision);
    return call_answer(call, STATUS_OK, &body, fault);
}

/* Found, as If-Match says, with a body, a day of this name and a ground; signed. */
struct happening {
    struct entry         entry;
    struct registry_unit unit;
    struct date          day;
    struct str           basis;
};

static enum err
begin(struct call *call, enum permission_action action, const char *day, struct happening *out,
      struct fault *fault)
{
    TRY(unit_call_hold(call, action, &out->unit, fault));
    if (!call_is_refused(call)) {
        TRY(entry_read(call, &out->entry, fault));
    }
    if (!call_is_refused(call)) {
        TRY(unit_call_match(call, out->unit.unit, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_date(&out->entry, day, &out->day, fault));
    TRY(entry_need(&out->entry, "basis", &out->basis, fault));
    if (!call_is_refused(call) && out->day.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           str_format(call->arena, "Pole %s: podaj dzień, RRRR-MM-DD.", day),
                           fault);
    }
    return call_is_refused(call) ? ERR_OK : unit_call_sign(call, out->basis, fault);
}

/* What the body names is changed, the rest stays. */
static enum err
read_changes(const struct entry *entry, struct registry_unit *unit, bool *any, struct fault *fault)
{
    const struct {
        const char *name;
        struct str *field;
    } fields[] = {
        {"name", &unit->name},
        {"nip",  &unit->nip },
        {"type", &unit->type},
        {"kind", &unit->kind},
        {"jop",  &unit->jop },
    };

    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        struct str text = {0};
        TRY(entry_text(entry, fields[i].name, &text, fault));
        if (text.size > 0) {
            *fields[i].field = text;
            *any = true;
        }
    }
    if (!call_is_refused(entry->call) && unit->nip.size > 0
        && identifier_nip(unit->nip) != IDENTIFIER_OK) {
        return call_refuse(entry->call, PROBLEM_BAD_DATA,
                           STR("Pole nip: cyfra kontrolna się nie zgadza. Sprawdź numer w "
                               "zaświadczeniu."),
                           fault);
    }
    return ERR_OK;
}

/* Whoever will not have the unit on the day of a move that is entered does not take the move back.
 */
static enum err
check_move(struct call *call, const struct registry_unit *unit, int64_t above, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit->unit);
    store_put_number(&parameters, above);
    TRY(store_run(call->store, "SELECT people.keeps_unit($1, $2)", &parameters, call->arena, &rows,
                  fault));
    return store_truth(&rows, 0, 0)
               ? ERR_OK
               : call_refuse(
                   call, PROBLEM_BAD_DATA,
                   STR("Pole parent: w rejestrze jest już wpisane przejście tej jednostki "
                       "do innej JST. Jeżeli to pomyłka, poprawi ją operator bramy."),
                   fault);
}

/* Below another unit of theirs. */
static enum err
read_parent(const struct entry *entry, struct registry_unit *unit, bool *any, struct fault *fault)
{
    struct registry_unit parent = {0};
    struct str           regon = {0};

    TRY(entry_text(entry, "parent", &regon, fault));
    if (call_is_refused(entry->call) || regon.size == 0) {
        return ERR_OK;
    }
    TRY(unit_call_named(entry->call, regon, PERMISSION_ACTION_ADD_UNIT, &parent, fault));
    if (call_is_refused(entry->call)) {
        return ERR_OK;
    }
    TRY(check_move(entry->call, unit, parent.unit, fault));
    unit->parent = parent.unit;
    *any = true;
    return ERR_OK;
}

enum err
unit_event_endpoint_change(struct call *call, struct fault *fault)
{
    struct happening happening = {0};
    bool             any = false;

    TRY(begin(call, PERMISSION_ACTION_KEEP_UNIT, "since", &happening, fault));
    if (!call_is_refused(call)) {
        TRY(read_changes(&happening.entry, &happening.unit, &any, fault));
    }
    if (!call_is_refused(call)) {
        TRY(read_parent(&happening.entry, &happening.unit, &any, fault));
    }
    if (!call_is_refused(call) && !any) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Podaj, co się zmienia: name, nip, type, kind, jop albo parent."),
                           fault);
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    enum err got = event_change(call->store, call->arena, &happening.unit, happening.day, fault);
    if (got == ERR_OK) {
        TRY(store_run(call->store, "SELECT registry.wake()", NULL, call->arena, NULL, fault));
    }
    return unit_call_answer(call, STATUS_OK, &happening.unit, got, fault);
}

enum err
unit_event_endpoint_succeed(struct call *call, struct fault *fault)
{
    struct happening        happening = {0};
    struct registry_unit    successor = {0};
    struct event_succession succession = {.predecessor = &happening.unit, .successor = &successor};
    struct str              regon = {0};

    TRY(begin(call, PERMISSION_ACTION_KEEP_UNIT, "day", &happening, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_need(&happening.entry, "successor", &regon, fault));
    TRY(entry_need(&happening.entry, "kind", &succession.kind, fault));
    if (!call_is_refused(call)) {
        TRY(unit_call_named(call, regon, PERMISSION_ACTION_KEEP_UNIT, &successor, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    succession.day = happening.day;
    succession.basis = happening.basis;
    enum err got = event_succeed(call->store, call->arena, &succession, fault);
    if (got == ERR_OK) {
        bool found = false;
        TRY(store_run(call->store, "SELECT registry.wake()", NULL, call->arena, NULL, fault));
        TRY(registry_find_unit(call->store, call->arena, happening.unit.regon, &happening.unit,
                               &found, fault));
    }
    return unit_call_answer(call, STATUS_CREATED, &happening.unit, got, fault);
}

enum err
unit_event_endpoint_release(struct call *call, struct fault *fault)
{
    struct happening     happening = {0};
    struct registry_unit provider = {0};
    struct str           regon = {0};
    bool                 found = false;

    TRY(begin(call, PERMISSION_ACTION_GIVE_BOOKS, "valid_to", &happening, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_need(&happening.entry, "provider", &regon, fault));
    if (!call_is_refused(call)) {
        TRY(registry_find_unit(call->store, call->arena, regon, &provider, &found, fault));
    }
    if (!call_is_refused(call) && !found) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole provider ma być REGON jednostki z rejestru."), fault);
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    struct event_service service = {
        .unit = &happening.unit, .provider = &provider, .to = happening.day};
    return unit_call_answer(call, STATUS_OK, &happening.unit,
                            event_release(call->store, call->arena, &service, fault), fault);
}
