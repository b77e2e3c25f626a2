#include "gateway/desk/trait_endpoint.h"

#include "gateway/desk/unit_call.h"
#include "gateway/registry/trait.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201 };

static const char list_sql[] =
    "SELECT x.trait, t.title, coalesce(x.office, ''), coalesce(o.title, ''), x.valid_from,"
    " x.valid_to, x.basis FROM registry.unit_trait x JOIN registry.trait t USING (trait)"
    " LEFT JOIN registry.office o ON o.office = x.office WHERE x.unit = $1"
    " ORDER BY x.trait, x.office NULLS FIRST, x.valid_from";

static void
write_trait(struct json *json, const struct call *call, const struct store_rows *rows, size_t i)
{
    json_object_begin(json);
    json_member(json, "trait", store_text(rows, i, 0));
    json_member(json, "title", store_text(rows, i, 1));
    json_member(json, "dysponent", store_text(rows, i, 2));
    json_member(json, "dysponent_name", store_text(rows, i, 3));
    call_write_date(json, call, "valid_from", store_date(rows, i, 4));
    call_write_date(json, call, "valid_to", store_date(rows, i, 5));
    json_member(json, "basis", store_text(rows, i, 6));
    json_object_end(json);
}

static enum err
answer(struct call *call, int status, const struct registry_unit *unit, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};
    struct buf              body = call_body(call);
    struct json             json = json_create(&body);
    int64_t                 revision = 0;

    store_put_number(&parameters, unit->unit);
    TRY(store_run(call->store, list_sql, &parameters, call->arena, &rows, fault));
    TRY(unit_call_revision(call, unit->unit, &revision, fault));
    json_object_begin(&json);
    json_member(&json, "regon", unit->regon);
    json_member(&json, "name", unit->name);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        write_trait(&json, call, &rows, i);
    }
    json_array_end(&json);
    json_object_end(&json);
    unit_call_tag(call, revision);
    return call_answer(call, status, &body, fault);
}

enum err
trait_endpoint_list(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};

    TRY(unit_call_find(call, PERMISSION_ACTION_READ_UNIT, &unit, fault));
    return call_is_refused(call) ? ERR_OK : answer(call, STATUS_OK, &unit, fault);
}

/* The unit, held and as If-Match says, and the trait that the body names; signed. */
static enum err
begin(struct call *call, const char *day, struct registry_unit *unit, struct trait_fact *fact,
      struct fault *fault)
{
    struct entry entry = {0};
    struct date *needed = day[sizeof "valid_" - 1] == 'f' ? &fact->from : &fact->to;

    TRY(unit_call_hold(call, PERMISSION_ACTION_KEEP_TRAITS, unit, fault));
    if (!call_is_refused(call)) {
        TRY(entry_read(call, &entry, fault));
    }
    if (!call_is_refused(call)) {
        TRY(unit_call_match(call, unit->unit, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    fact->unit = unit;
    TRY(entry_need(&entry, "trait", &fact->trait, fault));
    TRY(entry_text(&entry, "dysponent", &fact->office, fault));
    TRY(entry_date(&entry, "valid_from", &fact->from, fault));
    TRY(entry_date(&entry, "valid_to", &fact->to, fault));
    TRY(entry_need(&entry, "basis", &fact->basis, fault));
    if (!call_is_refused(call) && needed->year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           str_format(call->arena, "Pole %s: podaj dzień, RRRR-MM-DD.", day),
                           fault);
    }
    return call_is_refused(call) ? ERR_OK : unit_call_sign(call, fact->basis, fault);
}

/* What was written was written, or is refused in the words of the registry. */
static enum err
end(struct call *call, int status, const struct registry_unit *unit, enum err got,
    struct fault *fault)
{
    return got == ERR_OK ? answer(call, status, unit, fault) : call_refuse_denied(call, got, fault);
}

enum err
trait_endpoint_add(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct trait_fact    fact = {0};

    TRY(begin(call, "valid_from", &unit, &fact, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    return end(call, STATUS_CREATED, &unit, trait_add(call->store, call->arena, &fact, fault),
               fault);
}

enum err
trait_endpoint_end(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct trait_fact    fact = {0};

    TRY(begin(call, "valid_to", &unit, &fact, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    return end(call, STATUS_OK, &unit, trait_end(call->store, call->arena, &fact, fault), fault);
}
