#include "gateway/desk/objection_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/people/objection_answer.h"

enum { STATUS_OK = 200 };

static void
write_answer(struct json *json, const struct call *call, const struct objection_told *told)
{
    json_key(json, "answer");
    if (told->revision == 0) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_key(json, "revision");
    json_number(json, told->revision);
    json_member(json, "outcome", told->outcome);
    json_member(json, "remedy", told->remedy);
    call_write_instant(json, call, "off_since", told->off_since);
    json_member(json, "release", told->release);
    json_member(json, "reason", told->answer);
    call_write_instant(json, call, "given_at", told->given_at);
    json_object_end(json);
}

static void
write_objection(struct json *json, const struct call *call, const struct objection_told *told)
{
    json_key(json, "id");
    json_number(json, told->objection);
    json_member(json, "rule", told->code);
    json_member(json, "form_version", told->form_version);
    json_member(json, "owner", told->owner);
    json_member(json, "reason", told->reason);
    call_write_instant(json, call, "decided_at", told->decided_at);
    write_answer(json, call, told);
}

enum err
objection_endpoint_list(struct call *call, struct fault *fault)
{
    struct str            cursor = call_parameter(call, "cursor");
    struct str            open = call_parameter(call, "open");
    struct buf            body = call_body(call);
    struct json           json = json_create(&body);
    struct objection_page page = {.open = str_equal(open, STR("true"))};

    if (cursor.size > 0 && !str_to_number(cursor, &page.before)) {
        return call_refuse(call, PROBLEM_BAD_PARAMETER,
                           STR("Parametr cursor: podaj next_cursor poprzedniej strony."), fault);
    }
    if (open.size > 0 && !page.open && !str_equal(open, STR("false"))) {
        return call_refuse(call, PROBLEM_BAD_PARAMETER,
                           STR("Parametr open: true (bez odpowiedzi) albo false (wszystkie)."),
                           fault);
    }
    TRY(objection_answer_list(call->store, call->arena, OBJECTION_OWNER, &page, fault));
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < page.count; i++) {
        json_object_begin(&json);
        write_objection(&json, call, &page.items[i]);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_member(&json, "next_cursor",
                page.next > 0 ? str_format(call->arena, "%lld", (long long)page.next)
                              : (struct str){0});
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

/* Where the objection of the path belongs: an office that owns its rule; empty: nowhere. */
static enum err
find_office(struct call *call, int64_t number, struct str *office, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, number);
    TRY(store_run(call->store, "SELECT coalesce(people.objection_office($1), '')", &parameters,
                  call->arena, &rows, fault));
    *office = store_text(&rows, 0, 0);
    return ERR_OK;
}

/* The objection of the path, if it is theirs to answer; refused otherwise. */
static enum err
find(struct call *call, struct objection_told *out, struct fault *fault)
{
    struct str office = {0};
    bool       allowed = false;

    if (str_to_number(call->id, &out->objection)) {
        TRY(find_office(call, out->objection, &office, fault));
    }
    if (office.size > 0) {
        TRY(call_may(call, PERMISSION_ACTION_ANSWER_OBJECTION, 0, office, &allowed, fault));
    }
    if (allowed) {
        TRY(objection_answer_find(call->store, call->arena, OBJECTION_OWNER, out, fault));
    }
    return allowed && out->objection != 0 ? ERR_OK : call_refuse_absent(call, fault);
}

enum err
objection_endpoint_show(struct call *call, struct fault *fault)
{
    struct objection_told told = {0};
    struct buf            body = call_body(call);
    struct json           json = json_create(&body);

    TRY(find(call, &told, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    json_object_begin(&json);
    write_objection(&json, call, &told);
    json_object_end(&json);
    call_header(call, "ETag", str_format(call->arena, "\"%lld\"", (long long)told.revision));
    return call_answer(call, STATUS_OK, &body, fault);
}

/* What the body says; a refusal of the call when it is not whole. */
static enum err
read_answer(struct call *call, struct objection_answer *out, struct fault *fault)
{
    struct entry entry = {0};
    struct str   scope = {0};

    TRY(entry_read(call, &entry, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(entry_need(&entry, "outcome", &out->outcome, fault));
    TRY(entry_text(&entry, "remedy", &out->remedy, fault));
    TRY(entry_text(&entry, "release", &out->release, fault));
    TRY(entry_need(&entry, "reason", &out->reason, fault));
    TRY(entry_text(&entry, "scope", &scope, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    out->alike = str_equal(scope, STR("rule"));
    if (scope.size > 0 && !out->alike && !str_equal(scope, STR("objection"))) {
        return call_refuse(
            call, PROBLEM_BAD_DATA,
            STR("Pole scope: objection (to zastrzeżenie) albo rule (także starsze od niego do "
                "tej reguły, które nie mają odpowiedzi)."),
            fault);
    }
    const char *wrong = objection_answer_fault(out);
    return wrong == NULL ? ERR_OK
                         : call_refuse(call, PROBLEM_BAD_DATA,
                                       str_format(call->arena, "Odpowiedź: %s.", wrong), fault);
}

static enum err
refuse_end(struct call *call, enum objection_end end, struct fault *fault)
{
    static const struct {
        enum problem problem;
        const char  *detail;
    } ends[] = {
        [OBJECTION_CHANGED] = {PROBLEM_CHANGED,  "Odczytaj zastrzeżenie jeszcze raz i zdecyduj, czy "
                                                "odpowiedź jest nadal potrzebna."},
        [OBJECTION_RULE_ON] = {PROBLEM_BAD_DATA,
                               "Reguła nie jest wyłączona. Najpierw wyłącza ją operator („brama "
                               "rules off”), albo podaj rule-change."                                                          },
        [OBJECTION_NO_RELEASE] = {PROBLEM_BAD_DATA,
                               "Pole release: nie ma wydania o tym skrócie. Skróty wypisuje "
                                  "„brama rules bundles”."                                                                   },
        [OBJECTION_TOO_MANY] = {PROBLEM_BAD_DATA,
                               "Odpowiedź zmieniono już 100 razy i więcej zmian brama nie "
                                "przyjmie; napisz do operatora bramy."                                                           },
    };

    if (end == OBJECTION_ABSENT) {
        return call_refuse_absent(call, fault);
    }
    return call_refuse(call, ends[end].problem, str_of(ends[end].detail), fault);
}

enum err
objection_endpoint_answer(struct call *call, struct fault *fault)
{
    struct objection_told   told = {0};
    struct objection_answer answer = {0};
    bool                    given = false;

    TRY(find(call, &told, fault));
    if (!call_is_refused(call)) {
        TRY(read_answer(call, &answer, fault));
    }
    if (!call_is_refused(call)) {
        TRY(call_revision(call, &answer.revision, &given, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    answer.objection = told.objection;
    TRY(objection_answer_put(call->store, call->arena, OBJECTION_OWNER, &answer, fault));
    return answer.end == OBJECTION_ANSWERED ? objection_endpoint_show(call, fault)
                                            : refuse_end(call, answer.end, fault);
}
