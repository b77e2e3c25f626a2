#include "gateway/desk/endpoint.h"
#include "gateway/reader/openapi.h"
#include "gateway/reader/problem_resource.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/duties.h"
#include "tests/unit/gateway/reader/sets.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

enum { DEPTH_MAX = 12 };

static struct world world;
static json_t      *openapi;

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "openapi");
    world_run(&world, SETS_SQL);
    world_run(&world, DUTIES_SQL);
    openapi = json_loadb(openapi_text().data, openapi_text().size, JSON_REJECT_DUPLICATES, NULL);
    return openapi == NULL ? -1 : 0;
}

static int
end(void **state)
{
    json_decref(openapi);
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static json_t *
member(json_t *json, const char *first, const char *second, const char *third)
{
    const char *const keys[] = {first, second, third};

    for (size_t i = 0; i < ARRAY_COUNT(keys) && keys[i] != NULL; i++) {
        json = json_object_get(json, keys[i]);
    }
    return json;
}

static void
every_resource_stands_in_openapi(void **state)
{
    (void)state;
    for (size_t i = 0; i < resource_count(); i++) {
        const struct resource *resource = resource_at(i);
        json_t                *get = member(openapi, "paths", resource->path, "get");
        json_t *content = member(json_object_get(get, "responses"), "200", "content", NULL);
        json_t *security = json_object_get(get, "security");
        EXPECT(get != NULL, resource->path);
        for (size_t f = 0; f < RESOURCE_FORMATS_MAX && resource->formats[f] != FORMAT_NONE; f++) {
            struct str rest = str_of(format_type(resource->formats[f]));
            struct str media = {0};
            (void)str_cut(&rest, ';', &media);
            struct str name = str_copy(world.arena, media);
            EXPECT(json_object_get(content, name.data) != NULL, resource->path);
        }
        EXPECT((security != NULL && json_array_size(security) == 0)
                   == (resource->access == RESOURCE_PUBLIC),
               resource->path);
    }
}

/* What the desk answers is tried there (test_desk_matrix), cell by cell. */
static bool
is_of_the_desk(const char *path)
{
    bool found = false;

    for (size_t i = 0; i < endpoint_count(); i++) {
        found =
            found
            || (endpoint_at(i)->method == PETITION_GET && strcmp(endpoint_at(i)->path, path) == 0);
    }
    return found;
}

static void
every_path_of_openapi_has_a_resource(void **state)
{
    const char *path = NULL;
    json_t     *item = NULL;
    size_t      gets = 0;

    (void)state;
    json_object_foreach(json_object_get(openapi, "paths"), path, item)
    {
        bool found = json_object_get(item, "get") == NULL || is_of_the_desk(path);
        for (size_t i = 0; i < resource_count(); i++) {
            found = found || strcmp(resource_at(i)->path, path) == 0;
        }
        EXPECT(found, path);
        gets += json_object_get(item, "get") != NULL && !is_of_the_desk(path) ? 1 : 0;
    }
    assert_int_equal(gets, resource_count());
}

static void
every_problem_has_its_page_and_stands_in_openapi(void **state)
{
    json_t *slugs = json_object_get(member(openapi, "components", "schemas", "Problem"), "x-slugs");

    (void)state;
    assert_true(problem_resource_is_complete());
    assert_int_equal(json_array_size(slugs), PROBLEM_COUNT);
    for (int problem = 0; problem < PROBLEM_COUNT; problem++) {
        const char  *slug = problem_slug((enum problem)problem);
        json_t      *row = json_array_get(slugs, (size_t)problem);
        struct str   target = str_format(world.arena, "/problemy/%s", slug);
        struct reply page = world_get(&world, 0, target.data);
        EXPECT(page.status == 200, slug);
        EXPECT(strcmp(json_string_value(json_object_get(row, "slug")), slug) == 0, slug);
        EXPECT(json_integer_value(json_object_get(row, "status"))
                   == problem_status((enum problem)problem),
               slug);
        EXPECT(strcmp(json_string_value(json_object_get(row, "title")),
                      problem_title((enum problem)problem))
                   == 0,
               slug);
    }
}

/* A value and what openapi.json says of it. */
struct check {
    json_t     *value;
    json_t     *schema;
    const char *where;
};

static json_t *
resolve(json_t *schema)
{
    const char *prefix = "#/components/schemas/";
    json_t     *all = json_object_get(schema, "allOf");
    const char *ref =
        json_string_value(json_object_get(all == NULL ? schema : json_array_get(all, 0), "$ref"));

    if (ref == NULL) {
        return schema;
    }
    assert_memory_equal(ref, prefix, strlen(prefix));
    json_t *found = member(openapi, "components", "schemas", ref + strlen(prefix));
    assert_non_null(found);
    return found;
}

static bool
is_of_type(const json_t *value, const char *type)
{
    return (strcmp(type, "object") == 0 && json_is_object(value))
           || (strcmp(type, "array") == 0 && json_is_array(value))
           || (strcmp(type, "string") == 0 && json_is_string(value))
           || (strcmp(type, "integer") == 0 && json_is_integer(value))
           || (strcmp(type, "boolean") == 0 && json_is_boolean(value));
}

static void
check_enumeration(const struct check *check, json_t *schema)
{
    json_t *words = json_object_get(schema, "enum");
    bool    found = words == NULL;

    for (size_t i = 0; i < json_array_size(words); i++) {
        found = found || json_equal(json_array_get(words, i), check->value);
    }
    EXPECT(found, check->where);
}

/* Push the parts of a value; every key that is there is described, every required one is there. */
static size_t
check_one(const struct check *check, struct check *parts)
{
    json_t     *schema = resolve(check->schema);
    const char *type = json_string_value(json_object_get(schema, "type"));
    const char *key = NULL;
    json_t     *value = NULL;
    size_t      count = 0;

    if (json_is_null(check->value)) {
        EXPECT(json_is_true(json_object_get(check->schema, "nullable")), check->where);
        return 0;
    }
    EXPECT(type != NULL && is_of_type(check->value, type), check->where);
    check_enumeration(check, schema);
    json_t *required = json_object_get(schema, "required");
    for (size_t i = 0; i < json_array_size(required); i++) {
        const char *name = json_string_value(json_array_get(required, i));
        EXPECT(json_object_get(check->value, name) != NULL, name);
    }
    json_object_foreach(check->value, key, value)
    {
        json_t *described = member(schema, "properties", key, NULL);
        EXPECT(described != NULL || json_object_get(schema, "properties") == NULL, key);
        if (described != NULL) {
            parts[count++] = (struct check){value, described, key};
        }
    }
    for (size_t i = 0; i < json_array_size(check->value); i++) {
        parts[count++] = (struct check){json_array_get(check->value, i),
                                        json_object_get(schema, "items"), check->where};
    }
    return count;
}

static void
check_against(json_t *value, json_t *schema, const char *where)
{
    enum { STACK = 4096 };
    static struct check stack[STACK];
    size_t              count = 1;

    stack[0] = (struct check){value, schema, where};
    while (count > 0) {
        struct check check = stack[--count];
        assert_true(count + 512 < STACK);
        count += check_one(&check, stack + count);
    }
}

/* What is asked of the reader, by whom, and under which path openapi.json describes the answer. */
static const struct {
    int64_t     who;
    const char *target;
    const char *path;
} answers[] = {
    {1, "/api/v1/submissions",                                                    "/api/v1/submissions"                         },
    {1, "/api/v1/findings/groups?period=2026",                                    "/api/v1/findings/groups"                     },
    {1, "/api/v1/submissions/" WORLD_REJECTED "/findings?grouped=true",
     "/api/v1/submissions/{id}/findings"                                                                                        },
    {1, "/api/v1/submissions?limit=1",                                            "/api/v1/submissions"                         },
    {1, "/api/v1/submissions/" WORLD_PACKAGE,                                     "/api/v1/submissions/{id}"                    },
    {3, "/api/v1/submissions/" WORLD_REJECTED,                                    "/api/v1/submissions/{id}"                    },
    {3, "/api/v1/submissions/" WORLD_RECEIVED,                                    "/api/v1/submissions/{id}"                    },
    {3, "/api/v1/submissions/" WORLD_CHECKING,                                    "/api/v1/submissions/{id}"                    },
    {3, "/api/v1/submissions/" WORLD_PARKED,                                      "/api/v1/submissions/{id}"                    },
    {1, "/api/v1/submissions/" WORLD_PACKAGE "/findings",                         "/api/v1/submissions/{id}/findings"           },
    {3, "/api/v1/submissions/" WORLD_RECEIVED "/findings",                        "/api/v1/submissions/{id}/findings"           },
    {1, "/api/v1/obligations",                                                    "/api/v1/obligations"                         },
    {1, "/api/v1/obligations/unexpected",                                         "/api/v1/obligations/unexpected"              },
    {1, "/api/v1/sets",                                                           "/api/v1/sets"                                },
    {1, "/api/v1/sets/1",                                                         "/api/v1/sets/{id}"                           },
    {1, "/api/v1/sets/1/findings/1/explanation",                                  "/api/v1/sets/{id}/findings/{fid}/explanation"},
    {5, "/api/v1/obligations?limit=1",                                            "/api/v1/obligations"                         },
    {1, "/api/v1/completeness",                                                   "/api/v1/completeness"                        },
    {1, "/api/v1/completeness?by=office",                                         "/api/v1/completeness"                        },
    {1, "/api/v1/completeness/missing",                                           "/api/v1/completeness/missing"                },
    {1, "/api/v1/submissions/" WORLD_PACKAGE "/diff?against=" WORLD_PACKAGE,
     "/api/v1/submissions/{id}/diff"                                                                                            },
    {1, "/api/v1/submissions/" WORLD_PACKAGE "/reports/1/reason",
     "/api/v1/submissions/{id}/reports/{ordinal}/reason"                                                                        },
    {1, "/api/v1/submissions/" WORLD_PACKAGE "/reports/2/findings/1/explanation",
     "/api/v1/submissions/{id}/reports/{ordinal}/findings/{fid}/explanation"                                                    },
    {1, "/api/v1/objections",                                                     "/api/v1/objections"                          },
    {0, "/api/v1/explanation-codes",                                              "/api/v1/explanation-codes"                   },
    {1, "/api/v1/questions",                                                      "/api/v1/questions"                           },
    {1, "/api/v1/corrections",                                                    "/api/v1/corrections"                         },
    {0, "/api/v1/correction-reasons",                                             "/api/v1/correction-reasons"                  },
    {0, "/api/v1/forms",                                                          "/api/v1/forms"                               },
    {0, "/api/v1/forms/RBNDS/2025-1",                                             "/api/v1/forms/{code}/{version}"              },
    {0, "/api/v1/forms/RB27S/2025-1",                                             "/api/v1/forms/{code}/{version}"              },
    {0, "/api/v1/forms/RB28S/2025-1/structure",                                   "/api/v1/forms/{code}/{version}/structure"    },
    {0, "/api/v1/forms/RBNDS/2025-1/structure?view=lines",
     "/api/v1/forms/{code}/{version}/structure"                                                                                 },
    {0, "/api/v1/rules",                                                          "/api/v1/rules"                               },
    {0, "/api/v1/rules?form=RB28S",                                               "/api/v1/rules"                               },
    {0, "/api/v1/keys",                                                           "/api/v1/keys"                                },
    {0, "/api/v1/status",                                                         "/api/v1/status"                              },
    {0, "/api/v1/limits",                                                         "/api/v1/limits"                              },
    {0, "/api/v1/openapi.json",                                                   "/api/v1/openapi.json"                        },
    {0, "/problemy?format=json",                                                  "/problemy"                                   },
    {0, "/problemy/zly-parametr?format=json",                                     "/problemy/{slug}"                            },
    {0, NULL,                                                                     "/api/v1/receipts/{number}"                   },
};

static void
every_answer_is_as_openapi_describes_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        struct str receipt =
            str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.summary));
        const char  *target = answers[i].target == NULL ? receipt.data : answers[i].target;
        struct reply reply = world_get(&world, answers[i].who, target);
        json_t *value = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
        json_t *content =
            member(member(openapi, "paths", answers[i].path, "get"), "responses", "200", "content");
        EXPECT(reply.status == 200 && value != NULL, target);
        check_against(value, member(content, "application/json", "schema", NULL), target);
        json_decref(value);
    }
}

/* No JSON of the reader is left out of the table above. */
static void
every_resource_with_json_is_asked(void **state)
{
    (void)state;
    for (size_t i = 0; i < resource_count(); i++) {
        const struct resource *resource = resource_at(i);
        bool                   has_json = false;
        bool                   asked = false;
        for (size_t f = 0; f < RESOURCE_FORMATS_MAX && resource->formats[f] != FORMAT_NONE; f++) {
            has_json = has_json || resource->formats[f] == FORMAT_JSON;
        }
        for (size_t a = 0; a < ARRAY_COUNT(answers); a++) {
            asked = asked || strcmp(answers[a].path, resource->path) == 0;
        }
        EXPECT(asked || !has_json, resource->path);
    }
}

static void
every_refusal_is_as_openapi_describes_it(void **state)
{
    static const char        missing[] = "/api/v1/submissions/" WORLD_MISSING;
    static const char *const targets[] = {"/api/v1/submissions?limit=0", "/x", missing};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply reply = world_get(&world, WORLD_SCHOOL, targets[i]);
        json_t *value = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
        EXPECT(value != NULL, targets[i]);
        check_against(value, member(openapi, "components", "schemas", "Problem"), targets[i]);
        json_decref(value);
    }
}

/* Every reference leads somewhere, also those that no answer here has used. */
static void
every_reference_leads_somewhere(void **state)
{
    struct str text = openapi_text();
    struct str marker = STR("\"#/components/schemas/");
    size_t     count = 0;

    (void)state;
    for (size_t i = 0; i + marker.size < text.size; i++) {
        struct str rest = str_slice(text, i, text.size);
        struct str name = {0};
        if (!str_starts_with(rest, marker)) {
            continue;
        }
        rest = str_slice(rest, marker.size, rest.size);
        assert_true(str_cut(&rest, '"', &name));
        struct str copy = str_copy(world.arena, name);
        EXPECT(member(openapi, "components", "schemas", copy.data) != NULL, copy.data);
        count++;
    }
    assert_true(count > 30);
}

static void
schema_and_keys_are_handed_out_as_they_are(void **state)
{
    (void)state;
    struct reply xsd = world_get(&world, 0, "/api/v1/forms/RB27S/2025-1/schema.xsd");
    struct reply pem = world_get(&world, 0, "/api/v1/keys?format=pem");

    assert_int_equal(xsd.status, 200);
    assert_true(str_equal(xsd.content_type, STR("application/xml")));
    assert_true(memmem(xsd.body.data, xsd.body.size, "xs:schema", 9) != NULL);
    assert_true(str_equal(pem.body, world.clerk.tools.seal_pem));
    assert_true(str_equal(pem.content_type, STR("application/x-pem-file")));
}

/* "a b c", in any order, says the same as the names that openapi.json has. */
static bool
are_names(const char *words, json_t *const *lists, size_t count, bool of_query)
{
    struct str rest = str_of(words);
    struct str word = {0};
    size_t     left = 0;

    for (size_t l = 0; l < count; l++) {
        for (size_t i = 0; i < json_array_size(lists[l]); i++) {
            json_t     *item = json_array_get(lists[l], i);
            const char *in = json_string_value(json_object_get(item, "in"));
            if (of_query && strcmp(in, "query") != 0) {
                continue;
            }
            const char *name = json_string_value(of_query ? json_object_get(item, "name") : item);
            if (!str_has_word(str_of(words), str_of(name))) {
                return false;
            }
            left++;
        }
    }
    while (rest.size > 0 && str_cut(&rest, ' ', &word)) {
        left--;
    }
    return left == 0;
}

static bool
are_parameters(const char *words, const char *path, const char *method)
{
    json_t *const lists[] = {member(openapi, "paths", path, "parameters"),
                             json_object_get(member(openapi, "paths", path, method), "parameters")};

    return are_names(words, lists, ARRAY_COUNT(lists), true);
}

static bool
are_members(const char *words, const char *path, const char *method)
{
    json_t     *body = json_object_get(member(openapi, "paths", path, method), "requestBody");
    json_t     *media = member(body, "content", "application/json", "schema");
    json_t     *names = json_array();
    const char *name = NULL;
    json_t     *value = NULL;

    if (media != NULL) {
        json_object_foreach(json_object_get(resolve(media), "properties"), name, value)
        {
            (void)json_array_append_new(names, json_string(name));
        }
    }
    json_t *const lists[] = {names};
    bool          same = are_names(words, lists, 1, false);
    json_decref(names);
    return same;
}

static void
every_name_that_is_known_stands_in_openapi_and_no_other(void **state)
{
    static const char *const methods[] = {
        [PETITION_GET] = "get",     [PETITION_POST] = "post",     [PETITION_PUT] = "put",
        [PETITION_PATCH] = "patch", [PETITION_DELETE] = "delete",
    };

    (void)state;
    for (size_t i = 0; i < resource_count(); i++) {
        const struct resource *resource = resource_at(i);
        EXPECT(are_parameters(resource->parameters, resource->path, "get"), resource->path);
    }
    for (size_t i = 0; i < endpoint_count(); i++) {
        const struct endpoint *endpoint = endpoint_at(i);
        bool                   reads = endpoint->method == PETITION_GET;
        const char            *method = methods[endpoint->method];
        EXPECT(are_parameters(reads ? endpoint->names : "", endpoint->path, method),
               endpoint->path);
        EXPECT(are_members(reads ? "" : endpoint->names, endpoint->path, method), endpoint->path);
    }
}

/* One rule for all: an address of the interface refuses what it does not know, a page does not. */
static void
a_parameter_that_nobody_knows_is_refused_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        if (answers[i].target == NULL) {
            continue;
        }
        bool       has_query = strchr(answers[i].target, '?') != NULL;
        struct str target =
            str_format(world.arena, "%s%cdopisek=1", answers[i].target, has_query ? '&' : '?');
        struct reply reply = world_get(&world, answers[i].who, target.data);
        if (strncmp(answers[i].target, "/api/", 5) != 0) {
            EXPECT(reply.status == 200, target.data);
            continue;
        }
        EXPECT(reply.status == 400, target.data);
        EXPECT(memmem(reply.body.data, reply.body.size, "„dopisek” ten adres nie zna.", 30) != NULL,
               target.data);
    }
    assert_int_equal(world_get(&world, 0, "/?fbclid=1").status, 200);
    assert_int_equal(world_get(&world, 1, "/api/v1/submissions?Limit=1").status, 400);
    assert_int_equal(world_get(&world, 1, "/api/v1/submissions?%6Cimit=1").status, 200);
    assert_int_equal(world_get(&world, 0, "/api/v1/submissions?dopisek=1").status, 401);
}

static void
expect_no_header_twice(const struct reply *reply, const char *what)
{
    struct str rest = reply->headers;
    struct str line = {0};

    while (rest.size > 0 && str_cut(&rest, '\n', &line) && line.size > 0) {
        struct str name = {0};
        struct str other = rest;
        struct str behind = {0};
        assert_true(str_cut(&line, ':', &name));
        while (other.size > 0 && str_cut(&other, '\n', &behind)) {
            struct str again = {0};
            EXPECT(!str_cut(&behind, ':', &again) || !str_equal(again, name), what);
        }
    }
}

static void
no_answer_has_a_header_twice(void **state)
{
    static const char *const more[] = {
        "/api/v1/obligations.ics",
        "/api/v1/obligations?format=csv",
        "/api/v1/submissions?format=csv",
        "/api/v1/sets/1?format=csv",
        "/api/v1/questions?format=csv",
        "/api/v1/completeness?format=csv",
        "/api/v1/findings/groups?period=2026&format=csv",
        "/api/v1/objections?format=csv",
        ("/api/v1/submissions/" WORLD_PACKAGE "/content"),
        ("/api/v1/submissions/" WORLD_PACKAGE "/receipt"),
        ("/api/v1/submissions/" WORLD_PACKAGE "/findings?format=csv"),
        ("/api/v1/submissions/" WORLD_MISSING),
    };
    static const char *const pages[] = {
        "/", "/upo", "/problemy", "/zaproszenie", "/konto.js", "/api/v1/status?format=html"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        if (answers[i].target != NULL) {
            struct reply reply = world_get(&world, answers[i].who, answers[i].target);
            expect_no_header_twice(&reply, answers[i].target);
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(more) + ARRAY_COUNT(pages); i++) {
        bool         is_page = i >= ARRAY_COUNT(more);
        const char  *target = is_page ? pages[i - ARRAY_COUNT(more)] : more[i];
        struct reply reply = world_get(&world, is_page ? 0 : 1, target);
        EXPECT(reply.status == 200 || strstr(target, WORLD_MISSING) != NULL, target);
        expect_no_header_twice(&reply, target);
    }
}

/* ops/runbook/api.md has a row for each operation, with its words, and none besides. */
static void
every_operation_has_its_row_in_the_runbook_and_no_other(void **state)
{
    static char page[256 * 1024];
    FILE       *file = fopen(BRAMA_SOURCE_DIR "/ops/runbook/api.md", "re");
    const char *path = NULL;
    const char *method = NULL;
    json_t     *item = NULL;
    json_t     *operation = NULL;
    size_t      count = 0;

    (void)state;
    assert_non_null(file);
    size_t size = fread(page, 1, sizeof page - 1, file);
    assert_true(size < sizeof page - 1);
    (void)fclose(file);
    json_object_foreach(json_object_get(openapi, "paths"), path, item)
    {
        json_object_foreach(item, method, operation)
        {
            struct buf row = buf_create(world.arena, 4096);
            if (strcmp(method, "parameters") == 0) {
                continue;
            }
            buf_append(&row, STR("| `"));
            for (const char *at = method; *at != '\0'; at++) {
                buf_byte(&row, (char)(*at - 'a' + 'A'));
            }
            buf_format(&row, " %s` | %s | ", path,
                       json_string_value(json_object_get(operation, "summary")));
            buf_byte(&row, '\0');
            assert_true(buf_ok(&row));
            EXPECT(strstr(page, row.data) != NULL, row.data);
            count++;
        }
    }
    for (const char *at = page; (at = strstr(at, "\n| `")) != NULL; at++) {
        count--;
    }
    assert_int_equal(count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_resource_stands_in_openapi),
        cmocka_unit_test(every_path_of_openapi_has_a_resource),
        cmocka_unit_test(every_problem_has_its_page_and_stands_in_openapi),
        cmocka_unit_test(every_answer_is_as_openapi_describes_it),
        cmocka_unit_test(every_resource_with_json_is_asked),
        cmocka_unit_test(every_refusal_is_as_openapi_describes_it),
        cmocka_unit_test(every_name_that_is_known_stands_in_openapi_and_no_other),
        cmocka_unit_test(a_parameter_that_nobody_knows_is_refused_by_its_name),
        cmocka_unit_test(no_answer_has_a_header_twice),
        cmocka_unit_test(every_operation_has_its_row_in_the_runbook_and_no_other),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(schema_and_keys_are_handed_out_as_they_are),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
