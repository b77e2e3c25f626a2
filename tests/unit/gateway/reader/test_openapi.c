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

static void
every_answer_is_as_openapi_describes_it(void **state)
{
    static const struct {
        int64_t     who;
        const char *target;
        const char *path;
    } cases[] = {
        {1, "/api/v1/submissions",                                                    "/api/v1/submissions"              },
        {1, "/api/v1/findings/groups?period=2026",                                    "/api/v1/findings/groups"          },
        {1, "/api/v1/submissions/" WORLD_REJECTED "/findings?grouped=true",
         "/api/v1/submissions/{id}/findings"                                                                             },
        {1, "/api/v1/submissions?limit=1",                                            "/api/v1/submissions"              },
        {1, "/api/v1/submissions/" WORLD_PACKAGE,                                     "/api/v1/submissions/{id}"         },
        {3, "/api/v1/submissions/" WORLD_REJECTED,                                    "/api/v1/submissions/{id}"         },
        {3, "/api/v1/submissions/" WORLD_RECEIVED,                                    "/api/v1/submissions/{id}"         },
        {3, "/api/v1/submissions/" WORLD_CHECKING,                                    "/api/v1/submissions/{id}"         },
        {3, "/api/v1/submissions/" WORLD_PARKED,                                      "/api/v1/submissions/{id}"         },
        {1, "/api/v1/submissions/" WORLD_PACKAGE "/findings",                         "/api/v1/submissions/{id}/findings"},
        {3, "/api/v1/submissions/" WORLD_RECEIVED "/findings",                        "/api/v1/submissions/{id}/findings"},
        {1, "/api/v1/obligations",                                                    "/api/v1/obligations"              },
        {1, "/api/v1/obligations/unexpected",                                         "/api/v1/obligations/unexpected"   },
        {1, "/api/v1/sets",                                                           "/api/v1/sets"                     },
        {1, "/api/v1/sets/1",                                                         "/api/v1/sets/{id}"                },
        {5, "/api/v1/obligations?limit=1",                                            "/api/v1/obligations"              },
        {1, "/api/v1/completeness",                                                   "/api/v1/completeness"             },
        {1, "/api/v1/completeness?by=office",                                         "/api/v1/completeness"             },
        {1, "/api/v1/completeness/missing",                                           "/api/v1/completeness/missing"     },
        {1, "/api/v1/submissions/" WORLD_PACKAGE "/diff?against=" WORLD_PACKAGE,
         "/api/v1/submissions/{id}/diff"                                                                                 },
        {1, "/api/v1/submissions/" WORLD_PACKAGE "/reports/1/reason",
         "/api/v1/submissions/{id}/reports/{ordinal}/reason"                                                             },
        {1, "/api/v1/submissions/" WORLD_PACKAGE "/reports/2/findings/1/explanation",
         "/api/v1/submissions/{id}/reports/{ordinal}/findings/{fid}/explanation"                                         },
        {1, "/api/v1/objections",                                                     "/api/v1/objections"               },
        {0, "/api/v1/explanation-codes",                                              "/api/v1/explanation-codes"        },
        {1, "/api/v1/questions",                                                      "/api/v1/questions"                },
        {0, "/api/v1/correction-reasons",                                             "/api/v1/correction-reasons"       },
        {0, "/api/v1/forms",                                                          "/api/v1/forms"                    },
        {0, "/api/v1/forms/RBNDS/2025-1",                                             "/api/v1/forms/{code}/{version}"   },
        {0, "/api/v1/forms/RB27S/2025-1",                                             "/api/v1/forms/{code}/{version}"   },
        {0, "/api/v1/rules",                                                          "/api/v1/rules"                    },
        {0, "/api/v1/rules?form=RB28S",                                               "/api/v1/rules"                    },
        {0, "/api/v1/keys",                                                           "/api/v1/keys"                     },
        {0, "/api/v1/status",                                                         "/api/v1/status"                   },
        {0, "/api/v1/limits",                                                         "/api/v1/limits"                   },
        {0, "/api/v1/openapi.json",                                                   "/api/v1/openapi.json"             },
        {0, "/problemy?format=json",                                                  "/problemy"                        },
        {0, "/problemy/zly-parametr?format=json",                                     "/problemy/{slug}"                 },
        {0, NULL,                                                                     "/api/v1/receipts/{number}"        },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str receipt =
            str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.summary));
        const char  *target = cases[i].target == NULL ? receipt.data : cases[i].target;
        struct reply reply = world_get(&world, cases[i].who, target);
        json_t *value = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
        json_t *content =
            member(member(openapi, "paths", cases[i].path, "get"), "responses", "200", "content");
        EXPECT(reply.status == 200 && value != NULL, target);
        check_against(value, member(content, "application/json", "schema", NULL), target);
        json_decref(value);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_resource_stands_in_openapi),
        cmocka_unit_test(every_path_of_openapi_has_a_resource),
        cmocka_unit_test(every_problem_has_its_page_and_stands_in_openapi),
        cmocka_unit_test(every_answer_is_as_openapi_describes_it),
        cmocka_unit_test(every_refusal_is_as_openapi_describes_it),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(schema_and_keys_are_handed_out_as_they_are),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
