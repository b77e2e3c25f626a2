#include "gateway/desk/obligation_endpoint.h"

#include "gateway/desk/act_call.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201, PLACE_SIZE_MAX = 100 };

/* An act about the duty of the path, before it is done. */
struct deed {
    struct entry       entry;
    struct act         act;
    int64_t            number; /* of the duty */
    struct act_duty    duty;
    struct act_entries entries; /* about it, as they stand */
};

/* The duty, if this action is theirs to do with it; refused otherwise. */
static enum err
find(struct call *call, enum permission_action action, struct deed *out, struct fault *fault)
{
    bool found = false;
    bool allowed = false;

    if (str_to_number(call->id, &out->number)) {
        TRY(act_entry_duty(call->store, call->arena, out->number, &out->duty, &found, fault));
    }
    if (found) {
        TRY(call_may(call, action, out->duty.unit, (struct str){0}, &allowed, fault));
    }
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

static enum err
read_entries(struct call *call, struct deed *deed, struct fault *fault)
{
    return act_entry_of_duty(call->store, call->arena, deed->number, &deed->entries, fault);
}

/* Found, read, held, and as If-Match says; asks for members of its own follow. */
static enum err
begin(struct call *call, struct deed *out, struct fault *fault)
{
    TRY(find(call, PERMISSION_ACTION_DECLARE, out, fault));
    if (!call_is_refused(call)) {
        TRY(entry_read(call, &out->entry, fault));
    }
    if (!call_is_refused(call)) {
        TRY(act_call_begin(call, &out->entry, &out->act, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(act_hold(&out->act, out->duty.unit, fault));
    TRY(read_entries(call, out, fault));
    return act_call_match(call, &out->entries, fault);
}

/* The entry that was made is shown as it was stored. */
static enum err
answer(struct call *call, struct deed *deed, enum err got, struct str kind, int64_t number,
       struct fault *fault)
{
    if (got != ERR_OK) {
        return call_refuse_denied(call, got, fault);
    }
    TRY(read_entries(call, deed, fault));
    return act_call_answer(call, STATUS_CREATED, &deed->entries,
                           act_entry_find(&deed->entries, kind, number), fault);
}

enum err
obligation_endpoint_list(struct call *call, struct fault *fault)
{
    struct deed deed = {0};

    TRY(find(call, PERMISSION_ACTION_READ_DUTY, &deed, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(read_entries(call, &deed, fault));
    return act_call_answer_list(call, &deed.entries, fault);
}

enum err
obligation_endpoint_nothing(struct call *call, struct fault *fault)
{
    struct deed deed = {0};
    int64_t     number = 0;

    TRY(begin(call, &deed, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    enum err got = act_declare_nothing(&deed.act, &deed.duty, &number, fault);
    return answer(call, &deed, got, STR("nothing"), number, fault);
}

enum err
obligation_endpoint_elsewhere(struct call *call, struct fault *fault)
{
    struct deed deed = {0};
    struct date on = {0};
    struct str  place = {0};
    int64_t     number = 0;

    TRY(begin(call, &deed, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_date(&deed.entry, "filed_on", &on, fault));
    TRY(entry_text(&deed.entry, "place", &place, fault));
    if (!call_is_refused(call) && (on.year == 0 || place.size > PLACE_SIZE_MAX)) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole filed_on: podaj dzień przekazania, RRRR-MM-DD; pole place: "
                               "najwyżej 100 bajtów, na przykład BeSTi@."),
                           fault);
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    enum err got = act_file_elsewhere(&deed.act, &deed.duty,
                                      place.size == 0 ? STR("BeSTi@") : place, on, &number, fault);
    return answer(call, &deed, got, STR("elsewhere"), number, fault);
}

/* Of one kind, the one that stands. */
enum err
obligation_endpoint_revoke(struct call *call, struct fault *fault)
{
    struct deed deed = {0};
    struct str  kind = {0};

    TRY(begin(call, &deed, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_text(&deed.entry, "kind", &kind, fault));
    if (!call_is_refused(call)
        && (kind.size == 0 || !str_has_word(STR("nothing elsewhere"), kind))) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole kind: nothing (nic do wykazania) albo elsewhere (przekazane "
                               "poza bramą)."),
                           fault);
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    const struct act_entry *standing = act_entry_standing(&deed.entries, kind);
    if (standing == NULL) {
        return call_refuse(call, PROBLEM_STATE, STR("Nie ma takiego wpisu, który można cofnąć."),
                           fault);
    }
    TRY(act_revoke(&deed.act, kind, standing->number, fault));
    int64_t number = standing->number;
    TRY(read_entries(call, &deed, fault));
    return act_call_answer(call, STATUS_OK, &deed.entries,
                           act_entry_find(&deed.entries, kind, number), fault);
}
