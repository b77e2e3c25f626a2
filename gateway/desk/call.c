#include "gateway/desk/call.h"

#include "gateway/registry/registry.h"

enum { STATUS_REFUSED = 400, TIME_SIZE_MAX = 40 };

void
call_header(struct call *call, const char *name, struct str value)
{
    buf_format(&call->headers, "%s: %.*s\r\n", name, STR_ARG(value));
}

struct buf
call_body(const struct call *call)
{
    return buf_create(call->arena, CALL_BODY_MAX);
}

enum err
call_answer(struct call *call, int status, const struct buf *body, struct fault *fault)
{
    call_header(call, "Cache-Control", STR("no-store"));
    if ((body != NULL && !buf_ok(body)) || !buf_ok(&call->headers)) {
        return FAIL(fault, ERR_MEMORY, "an answer that does not fit");
    }
    call->reply->status = status;
    call->reply->content_type = body == NULL ? STR("") : STR("application/json");
    call->reply->headers = buf_str(&call->headers);
    call->reply->body = body == NULL ? STR("") : buf_str(body);
    return ERR_OK;
}

enum err
call_refuse(struct call *call, enum problem problem, struct str detail, struct fault *fault)
{
    struct buf body = call_body(call);

    problem_write(&body, problem, call->config->public_url, detail, call->petition->path,
                  call->petition->request);
    TRY(call_answer(call, problem_status(problem), &body, fault));
    call->reply->content_type = STR("application/problem+json");
    return ERR_OK;
}

enum err
call_refuse_absent(struct call *call, struct fault *fault)
{
    return call_refuse(call, PROBLEM_NOT_FOUND,
                       STR("Sprawdź numer i to, w czyim imieniu działasz."), fault);
}

enum err
call_refuse_denied(struct call *call, enum err got, struct fault *fault)
{
    if (got != ERR_DENIED) {
        return got;
    }
    struct str detail = str_format(call->arena, "%s.", fault->text);
    *fault = (struct fault){0};
    return call_refuse(call, PROBLEM_BAD_DATA, detail, fault);
}

bool
call_is_refused(const struct call *call)
{
    return call->reply->status >= STATUS_REFUSED;
}

enum err
call_may(struct call *call, enum permission_action action, int64_t unit, struct str office,
         bool *allowed, struct fault *fault)
{
    enum permission_relation relation = PERMISSION_RELATION_NONE;

    TRY(people_session_relation(call->store, call->arena, unit, office, &relation, fault));
    *allowed = permission_holds(call->session.role, action, relation);
    return ERR_OK;
}

enum err
call_find_unit(struct call *call, struct str regon, int64_t *unit, struct fault *fault)
{
    struct registry_unit found_unit = {0};
    bool                 found = false;

    if (regon.size > 0) {
        TRY(registry_find_unit(call->store, call->arena, regon, &found_unit, &found, fault));
    }
    *unit = found ? found_unit.unit : 0;
    return ERR_OK;
}

struct str
call_parameter(const struct call *call, const char *name)
{
    struct str rest = call->petition->query;
    struct str piece = {0};

    while (rest.size > 0 && str_cut(&rest, '&', &piece)) {
        struct str key = {0};
        if (str_cut(&piece, '=', &key) && str_equal(key, str_of(name))) {
            return piece;
        }
    }
    return (struct str){0};
}

bool
call_uuid(const struct call *call, struct uuid *out)
{
    return call->id.size == CALL_ID_SIZE && uuid_parse(call->id, out);
}

enum err
call_revision(struct call *call, int64_t *revision, bool *given, struct fault *fault)
{
    struct str tag = str_trim(call->petition->if_match);

    *given = false;
    if (tag.size == 0) {
        return call_refuse(call, PROBLEM_NO_IF_MATCH,
                           STR("Odczytaj wpis jeszcze raz i wyślij zmianę z nagłówkiem If-Match o "
                               "wartości jego nagłówka ETag."),
                           fault);
    }
    *given = tag.size > 2 && tag.data[0] == '"' && tag.data[tag.size - 1] == '"'
             && str_to_number(str_slice(tag, 1, tag.size - 2), revision);
    if (!*given) {
        return call_refuse(call, PROBLEM_CHANGED,
                           STR("Odczytaj wpis jeszcze raz: nagłówek If-Match ma mieć wartość jego "
                               "nagłówka ETag."),
                           fault);
    }
    return ERR_OK;
}

void
call_write_uuid(struct json *json, const struct call *call, const char *key, struct uuid id)
{
    struct buf text = buf_create(call->arena, UUID_TEXT_SIZE);

    if (!uuid_is_nil(id)) {
        uuid_write(&text, id);
    }
    json_member(json, key, buf_str(&text));
}

void
call_write_date(struct json *json, const struct call *call, const char *key, struct date date)
{
    struct buf text = buf_create(call->arena, TIME_SIZE_MAX);

    if (date.year != 0) {
        date_write(&text, date);
    }
    json_member(json, key, buf_str(&text));
}

void
call_write_instant(struct json *json, const struct call *call, const char *key, instant at)
{
    struct buf text = buf_create(call->arena, TIME_SIZE_MAX);

    if (at != 0) {
        instant_write(&text, at);
    }
    json_member(json, key, buf_str(&text));
}
