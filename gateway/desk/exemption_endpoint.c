#include "gateway/desk/exemption_endpoint.h"

#include "gateway/desk/act_call.h"
#include "gateway/obligation/internal_due.h"
#include "gateway/registry/registry.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201 };

/* An act about a unit, before it is done. */
struct deed {
    struct entry         entry;
    struct act           act;
    struct registry_unit unit;
    struct act_entries   entries; /* about it, as they stand */
};

/* The unit of the path, if this action is theirs to do with it; refused otherwise. */
static enum err
find(struct call *call, enum permission_action action, struct registry_unit *out,
     struct fault *fault)
{
    bool found = false;
    bool allowed = false;

    TRY(registry_find_unit(call->store, call->arena, call->id, out, &found, fault));
    if (found) {
        TRY(call_may(call, action, out->unit, (struct str){0}, &allowed, fault));
    }
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

static enum err
read_entries(struct call *call, struct deed *deed, struct fault *fault)
{
    return act_entry_of_unit(call->store, call->arena, deed->unit.unit, &deed->entries, fault);
}

/* The body read, the unit held, and its entries as If-Match says. */
static enum err
begin(struct call *call, struct deed *deed, struct fault *fault)
{
    TRY(entry_read(call, &deed->entry, fault));
    if (!call_is_refused(call)) {
        TRY(act_call_begin(call, &deed->entry, &deed->act, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(act_hold(&deed->act, deed->unit.unit, fault));
    TRY(read_entries(call, deed, fault));
    return act_call_match(call, &deed->entries, fault);
}

enum err
exemption_endpoint_list(struct call *call, struct fault *fault)
{
    struct deed deed = {0};

    TRY(find(call, PERMISSION_ACTION_READ_DUTY, &deed.unit, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(read_entries(call, &deed, fault));
    return act_call_answer_list(call, &deed.entries, fault);
}

/* A JST lets its units off what they owe to its zarząd; what goes to an office as well, be it a
 * copy, is not its to give up. */
static enum err
check_recipients(struct call *call, const struct deed *deed, struct str form, struct fault *fault)
{
    static const char sql[] =
        "SELECT string_agg(DISTINCT x.title, ', ') FROM obligation.term t"
        " JOIN obligation.matter m ON m.matter = t.matter"
        " CROSS JOIN LATERAL ("
        "  SELECT t.recipient_title WHERE t.recipient <> 'zarzad-jst' UNION ALL"
        "  SELECT 'kopia: ' || CASE WHEN c IN ('rio', 'gus', 'mf') THEN upper(c)"
        "   ELSE replace(c, '-', ' ') END FROM string_to_table(t.copies, ' ') c WHERE c <> '')"
        "  x (title)"
        " WHERE m.form = $1 AND t.kind = $2";
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};

    if (call->session.role == PERMISSION_ROLE_OPERATOR) {
        return ERR_OK;
    }
    store_put_text(&parameters, form);
    store_put_text(&parameters, deed->unit.kind);
    TRY(store_run(call->store, sql, &parameters, call->arena, &rows, fault));
    if (store_is_null(&rows, 0, 0)) {
        return ERR_OK;
    }
    struct str detail =
        str_format(call->arena,
                   "Ten formularz jednostka składa nie tylko zarządowi JST (%.*s). Zwolnienie "
                   "wpisuje operator bramy, na podstawie przepisu.",
                   STR_ARG(store_text(&rows, 0, 0)));
    return call_refuse(call, PROBLEM_NO_SCOPE, detail, fault);
}

static enum err
read_exemption(struct call *call, const struct deed *deed, struct act_exemption *out,
               struct fault *fault)
{
    out->unit = deed->unit.unit;
    TRY(entry_need(&deed->entry, "form", &out->form, fault));
    TRY(entry_date(&deed->entry, "first_end", &out->first, fault));
    TRY(entry_date(&deed->entry, "last_end", &out->last, fault));
    if (!call_is_refused(call) && out->first.year == 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole first_end: podaj dzień, od którego kończą się okresy bez "
                               "obowiązku, RRRR-MM-DD."),
                           fault);
    }
    return call_is_refused(call) ? ERR_OK : check_recipients(call, deed, out->form, fault);
}

enum err
exemption_endpoint_make(struct call *call, struct fault *fault)
{
    struct deed          deed = {0};
    struct act_exemption exemption = {0};
    int64_t              number = 0;

    TRY(find(call, PERMISSION_ACTION_EXEMPT, &deed.unit, fault));
    if (!call_is_refused(call)) {
        TRY(begin(call, &deed, fault));
    }
    if (!call_is_refused(call)) {
        TRY(read_exemption(call, &deed, &exemption, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    enum err got = act_exempt(&deed.act, &exemption, &number, fault);
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(read_entries(call, &deed, fault));
    return act_call_answer(call, STATUS_CREATED, &deed.entries,
                           act_entry_find(&deed.entries, STR("exemption"), number), fault);
}

/* The unit of the exemption of the path; refused when it is not theirs to take back. */
static enum err
find_exempted(struct call *call, struct deed *out, struct act_exemption *exemption, int64_t *number,
              struct fault *fault)
{
    bool found = false;
    bool allowed = false;

    if (str_to_number(call->id, number)) {
        TRY(act_entry_exemption(call->store, call->arena, *number, exemption, &found, fault));
    }
    out->unit.unit = exemption->unit;
    if (found) {
        TRY(call_may(call, PERMISSION_ACTION_EXEMPT, exemption->unit, (struct str){0}, &allowed,
                     fault));
    }
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

/* One that the operator has entered for what goes to an office as well is not the JST's. */
static enum err
check_revocable(struct call *call, struct deed *deed, const struct act_exemption *exemption,
                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, deed->unit.unit);
    TRY(store_run(call->store, "SELECT kind FROM registry.unit WHERE unit = $1", &parameters,
                  call->arena, &rows, fault));
    deed->unit.kind = store_text(&rows, 0, 0);
    return check_recipients(call, deed, exemption->form, fault);
}

enum err
exemption_endpoint_revoke(struct call *call, struct fault *fault)
{
    struct deed          deed = {0};
    struct act_exemption exemption = {0};
    int64_t              number = 0;

    TRY(find_exempted(call, &deed, &exemption, &number, fault));
    if (!call_is_refused(call)) {
        TRY(begin(call, &deed, fault));
    }
    if (!call_is_refused(call)) {
        TRY(check_revocable(call, &deed, &exemption, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    if (act_entry_find(&deed.entries, STR("exemption"), number)->revoked_at != 0) {
        return call_refuse(call, PROBLEM_STATE, STR("To zwolnienie jest już cofnięte."), fault);
    }
    TRY(act_revoke(&deed.act, STR("exemption"), number, fault));
    TRY(read_entries(call, &deed, fault));
    return act_call_answer(call, STATUS_OK, &deed.entries,
                           act_entry_find(&deed.entries, STR("exemption"), number), fault);
}

enum err
exemption_endpoint_internal(struct call *call, struct fault *fault)
{
    struct deed     deed = {0};
    struct act_duty duty = {0};
    struct date     on = {0};
    int64_t         changed = 0;

    TRY(find(call, PERMISSION_ACTION_SET_INTERNAL_DUE, &deed.unit, fault));
    if (!call_is_refused(call)) {
        TRY(begin(call, &deed, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    duty.unit = deed.unit.unit;
    duty.unit_name = deed.unit.name;
    TRY(entry_need(&deed.entry, "form", &duty.form, fault));
    TRY(entry_need(&deed.entry, "period", &duty.period, fault));
    TRY(entry_date(&deed.entry, "due_on", &on, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    enum err got = internal_due_set(&deed.act, &duty, on, &changed, fault);
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(read_entries(call, &deed, fault));
    return act_call_answer(call, STATUS_CREATED, &deed.entries,
                           act_entry_standing(&deed.entries, STR("internal")), fault);
}
