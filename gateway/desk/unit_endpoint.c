#include "gateway/desk/unit_endpoint.h"

#include "gateway/desk/unit_call.h"
#include "validators/identifier/identifier.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201, TEXT_SHOWN = 40 };

/* Whether a Typ is one of the definitions' is not known here: the desk reads no XML. Where none of
 * them has it, a report of the unit stays undecided and says so. */
static enum err
judge_unit(struct call *call, const struct registry_unit *unit, struct fault *fault)
{
    if (unit->valid_from.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole valid_from: podaj pierwszy dzień jednostki."), fault);
    }
    if (!identifier_type(unit->type)) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           str_format(call->arena,
                                      "Pole type: „%.*s” nie jest Typem jednostki. Podaj go tak "
                                      "jak w pliku sprawozdania, np. JB: od 1 do %d wielkich "
                                      "liter, cyfr i łączników.",
                                      STR_ARG(str_slice(unit->type, 0, TEXT_SHOWN)),
                                      IDENTIFIER_TYPE_MAX),
                           fault);
    }
    bool good = identifier_regon(unit->regon) == IDENTIFIER_OK
                && (unit->nip.size == 0 || identifier_nip(unit->nip) == IDENTIFIER_OK);
    return good ? ERR_OK
                : call_refuse(call, PROBLEM_BAD_DATA,
                              STR("Pole regon albo nip: cyfra kontrolna się nie zgadza. Sprawdź "
                                  "numer w zaświadczeniu."),
                              fault);
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
    return call_is_refused(call) ? ERR_OK : judge_unit(call, out, fault);
}

/* Below which unit; without one, below the one for which they act. */
static enum err
read_parent(struct call *call, const struct entry *entry, struct registry_unit *out,
            struct fault *fault)
{
    struct str regon = {0};

    TRY(entry_text(entry, "parent", &regon, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    return unit_call_named(call, regon.size == 0 ? call->session.regon : regon,
                           PERMISSION_ACTION_ADD_UNIT, out, fault);
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
    TRY(unit_call_sign(call, (struct str){0}, fault));
    enum err got = registry_add_unit(call->store, call->arena, &unit, &unit.unit, fault);
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(store_run(call->store, "SELECT registry.wake()", NULL, call->arena, NULL, fault));
    return unit_call_answer(call, STATUS_CREATED, &unit, ERR_OK, fault);
}

enum err
unit_endpoint_close(struct call *call, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct entry         entry = {0};
    struct str           basis = {0};

    TRY(unit_call_hold(call, PERMISSION_ACTION_KEEP_UNIT, &unit, fault));
    if (!call_is_refused(call)) {
        TRY(unit_call_match(call, unit.unit, fault));
    }
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
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(unit_call_sign(call, basis, fault));
    enum err got = registry_close_unit(call->store, call->arena, unit.unit, unit.valid_to, fault);
    return unit_call_answer(call, STATUS_OK, &unit, got, fault);
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
    TRY(registry_find_unit(call->store, call->arena, regon, provider, &found, fault));
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

    TRY(unit_call_find(call, PERMISSION_ACTION_GIVE_BOOKS, &unit, fault));
    if (!call_is_refused(call)) {
        TRY(read_service(call, &service, &provider, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(unit_call_sign(call, service.basis, fault));
    enum err got = event_serve(call->store, call->arena, &service, fault);
    return unit_call_answer(call, STATUS_CREATED, &unit, got, fault);
}
