#include "gateway/problem/problem.h"

#include "gateway/answer/json.h"

enum { TYPE_SIZE_MAX = 512 };

static const struct {
    int         status;
    const char *slug;
    const char *title;
} problems[PROBLEM_COUNT] = {
#define PROBLEM(name, status, slug, title) [PROBLEM_##name] = {status, slug, title},
#include "gateway/problem/problem.def"
#undef PROBLEM
};

int
problem_status(enum problem problem)
{
    ENSURE(problem < PROBLEM_COUNT);
    return problems[problem].status;
}

const char *
problem_slug(enum problem problem)
{
    ENSURE(problem < PROBLEM_COUNT);
    return problems[problem].slug;
}

const char *
problem_title(enum problem problem)
{
    ENSURE(problem < PROBLEM_COUNT);
    return problems[problem].title;
}

static void
write_member(struct json *json, const char *key, struct str value)
{
    if (value.size > 0) {
        json_key(json, key);
        json_text(json, value);
    }
}

static void
write_uuid(struct json *json, struct arena *arena, struct uuid uuid)
{
    struct buf text = buf_create(arena, UUID_TEXT_SIZE);

    if (!uuid_is_nil(uuid)) {
        uuid_write(&text, uuid);
        write_member(json, "trace_id", buf_str(&text));
    }
}

void
problem_begin(struct json *json, enum problem problem, struct str base_url, struct str detail,
              struct str instance, struct uuid request)
{
    struct buf type = buf_create(json->out->arena, TYPE_SIZE_MAX);

    buf_append(&type, base_url);
    buf_append(&type, STR("/problemy/"));
    buf_append(&type, str_of(problem_slug(problem)));
    json_object_begin(json);
    write_member(json, "type", buf_str(&type));
    write_member(json, "title", str_of(problem_title(problem)));
    json_key(json, "status");
    json_number(json, problem_status(problem));
    write_member(json, "detail", detail);
    write_member(json, "instance", instance);
    write_uuid(json, json->out->arena, request);
}

void
problem_write(struct buf *out, enum problem problem, struct str base_url, struct str detail,
              struct str instance, struct uuid request)
{
    struct json json = json_create(out);

    problem_begin(&json, problem, base_url, detail, instance, request);
    json_object_end(&json);
}
