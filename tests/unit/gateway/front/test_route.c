#include "gateway/front/route.h"
#include "gateway/front/wishes.h"
#include "gateway/reader/openapi.h"
#include "gateway/registry/credential.h"
#include "tests/support/expect.h"

#include <jansson.h>
#include <string.h>

/* The table of routes beside openapi.json: who may ask is said in both, in the same words. */
static json_t *openapi;

static int
start(void **state)
{
    (void)state;
    openapi = json_loadb(openapi_text().data, openapi_text().size, JSON_REJECT_DUPLICATES, NULL);
    return json_is_object(openapi) ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    json_decref(openapi);
    return 0;
}

/* A path of openapi.json with its braces emptied, as the routes name it. */
static const char *
route_name(struct arena *arena, const char *path)
{
    struct buf out = buf_create(arena, 256);
    bool       inside = false;

    for (const char *at = path; *at != '\0'; at++) {
        inside = inside && *at != '}';
        if (!inside) {
            buf_byte(&out, *at);
        }
        inside = inside || *at == '{';
    }
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    return buf_str(&out).data;
}

static struct route_method
method_of(const char *path, const char *method)
{
    static const struct {
        const char *small;
        const char *large;
    } names[] = {
        {"get",    "GET"   },
        {"post",   "POST"  },
        {"put",    "PUT"   },
        {"patch",  "PATCH" },
        {"delete", "DELETE"},
    };
    const struct route *route = route_find(str_of(path));

    for (size_t i = 0; route != NULL && i < ARRAY_COUNT(names); i++) {
        if (strcmp(names[i].small, method) == 0) {
            return route_method(route, str_of(names[i].large));
        }
    }
    return (struct route_method){0};
}

static void
every_operation_has_a_route_and_names_its_scope(void **state)
{
    struct arena *arena = arena_create(1 << 20);
    const char   *path = NULL;
    const char   *method = NULL;
    json_t       *item = NULL;
    json_t       *operation = NULL;

    (void)state;
    json_object_foreach(json_object_get(openapi, "paths"), path, item)
    {
        const char *name = route_name(arena, path);
        json_object_foreach(item, method, operation)
        {
            struct route_method route = method_of(name, method);
            const char         *said = json_string_value(json_object_get(operation, "x-scope"));
            const char         *scope = access_scope(route.access);
            EXPECT(route.action != ROUTE_NOTHING, path);
            EXPECT(route.action == ROUTE_DESK || (said == NULL) == (scope == NULL), path);
            EXPECT(said == NULL || scope == NULL || strcmp(said, scope) == 0, path);
            EXPECT(route.access == ROUTE_PUBLIC
                       || json_object_get(json_object_get(operation, "responses"), "403") != NULL,
                   path);
        }
    }
    arena_destroy(arena);
}

static void
every_route_stands_in_openapi(void **state)
{
    struct arena *arena = arena_create(1 << 24);

    (void)state;
    for (size_t i = 0; i < route_count(); i++) {
        const char *path = NULL;
        json_t     *item = NULL;
        /* Two that are there for what a person types, and answer with a page that helps. */
        bool found = str_equal(str_of(route_at(i)->name), STR("/api/v1/forms/{}"))
                     || str_equal(str_of(route_at(i)->name), STR("/u/{}/{}"));
        json_object_foreach(json_object_get(openapi, "paths"), path, item)
        {
            const char *name = route_name(arena, path);
            found = found || strcmp(name, route_at(i)->name) == 0
                    || route_find(str_of(name)) == route_at(i);
        }
        EXPECT(found, route_at(i)->name);
    }
    arena_destroy(arena);
}

static void
scopes_have_the_numbers_and_words_of_the_registry(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        assert_string_equal(access_scope(1U << i), registry_scope_word((int)(1U << i)));
    }
    assert_null(access_scope(ACCESS_VALIDATE));
    assert_null(access_scope(0));
    assert_null(access_scope(ACCESS_READ | ACCESS_SUBMIT));
}

/* What the front reads itself of a query; of all else somebody behind it judges. */
static void
every_parameter_of_the_front_stands_in_openapi_and_no_other(void **state)
{
    struct arena *arena = arena_create(1 << 20);
    const char   *path = NULL;
    const char   *method = NULL;
    json_t       *item = NULL;
    json_t       *operation = NULL;
    size_t        seen = 0;

    (void)state;
    json_object_foreach(json_object_get(openapi, "paths"), path, item)
    {
        json_object_foreach(item, method, operation)
        {
            struct route_method found = method_of(route_name(arena, path), method);
            const char         *known = wishes_known(found.action);
            struct str          rest = str_of(known);
            struct str          word = {0};
            size_t              count = 0;
            if (known == NULL) {
                continue;
            }
            for (size_t i = 0; i < json_array_size(json_object_get(operation, "parameters")); i++) {
                json_t *one = json_array_get(json_object_get(operation, "parameters"), i);
                if (strcmp(json_string_value(json_object_get(one, "in")), "query") == 0) {
                    const char *name = json_string_value(json_object_get(one, "name"));
                    EXPECT(str_has_word(str_of(known), str_of(name)), path);
                    count++;
                }
            }
            while (rest.size > 0 && str_cut(&rest, ' ', &word)) {
                count--;
            }
            EXPECT(count == 0, path);
            seen++;
        }
    }
    assert_true(seen >= 10);
    assert_null(wishes_known(ROUTE_READ));
    assert_null(wishes_known(ROUTE_DESK));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_parameter_of_the_front_stands_in_openapi_and_no_other),
        cmocka_unit_test(every_operation_has_a_route_and_names_its_scope),
        cmocka_unit_test(every_route_stands_in_openapi),
        cmocka_unit_test(scopes_have_the_numbers_and_words_of_the_registry),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
