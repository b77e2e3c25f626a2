#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/* What is published of forms for whoever writes programs or rules. */
static struct world world;

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "forms");
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

#define FORM "/api/v1/forms/RB34S/2025-1/"

static const struct {
    const char *target;
    int         status;
    const char *body; /* the whole; NULL: it does not matter */
} rows[] = {
    {FORM "structure",                                  200,
     "{\"name\":\"RB34S\",\"components\":["
     "{\"name\":\"Symbol\",\"role\":\"Identifier\",\"data_type\":\"String\"},"
     "{\"name\":\"Dzial\",\"role\":\"Identifier\",\"data_type\":\"String\"},"
     "{\"name\":\"Rozdzial\",\"role\":\"Identifier\",\"data_type\":\"String\"},"
     "{\"name\":\"Paragraf\",\"role\":\"Identifier\",\"data_type\":\"String\"},"
     "{\"name\":\"P4\",\"role\":\"Identifier\",\"data_type\":\"String\"},"
     "{\"name\":\"PL\",\"role\":\"Measure\",\"data_type\":\"Number\"},"
     "{\"name\":\"WY\",\"role\":\"Measure\",\"data_type\":\"Number\"}]}"},
    {FORM "structure?view=lines",                       200,
     "{\"name\":\"RB34S_WIERSZE\",\"components\":["
     "{\"name\":\"Kolumna\",\"role\":\"Identifier\",\"data_type\":\"String\"},"
     "{\"name\":\"A\",\"role\":\"Measure\",\"data_type\":\"Number\"},"
     "{\"name\":\"B\",\"role\":\"Measure\",\"data_type\":\"Number\"},"
     "{\"name\":\"C\",\"role\":\"Measure\",\"data_type\":\"Number\"},"
     "{\"name\":\"D\",\"role\":\"Measure\",\"data_type\":\"Number\"},"
     "{\"name\":\"E\",\"role\":\"Measure\",\"data_type\":\"Number\"},"
     "{\"name\":\"F\",\"role\":\"Measure\",\"data_type\":\"Number\"}]}" },
    {FORM "structure?view=rows",                        400, NULL       },
    {"/api/v1/forms/RB27S/2025-1/structure?view=lines", 400, NULL       },
    {"/api/v1/forms/RB27S/1999-1/structure",            404, NULL       },
    {"/api/v1/forms/RB99/2025-1/example",               404, NULL       },
};

static void
a_structure_is_what_a_script_sees(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct reply reply = world_get(&world, 0, rows[i].target);
        EXPECT(reply.status == rows[i].status, rows[i].target);
        if (rows[i].body != NULL && !str_equal(reply.body, str_of(rows[i].body))) {
            fail_msg("%s: %.*s", rows[i].target, STR_ARG(reply.body));
        }
    }
}

static void
every_form_has_its_structure_and_example(void **state)
{
    struct reply reply = world_get(&world, 0, "/api/v1/forms");
    json_t      *list = json_loadb(reply.body.data, reply.body.size, 0, NULL);
    json_t      *items = json_object_get(list, "items");

    (void)state;
    assert_true(json_array_size(items) >= 14);
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t      *form = json_array_get(items, i);
        const char  *structure = json_string_value(json_object_get(form, "structure"));
        const char  *address = json_string_value(json_object_get(form, "example"));
        struct reply example = world_get(&world, 0, address);
        struct str   element = str_format(
              world.arena, "\n<%s Id=", json_string_value(json_object_get(form, "element")));
        EXPECT(world_get(&world, 0, structure).status == 200, structure);
        EXPECT(example.status == 200, address);
        EXPECT(str_starts_with(example.content_type, STR("application/xml")), address);
        EXPECT(memmem(example.body.data, example.body.size, element.data, element.size) != NULL,
               address);
    }
    json_decref(list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_structure_is_what_a_script_sees),
        cmocka_unit_test(every_form_has_its_structure_and_example),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
