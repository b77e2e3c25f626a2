#include "gateway/release/rule_switch.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

static struct world world;

static int
start(void **state)
{
    (void)state;
    world_begin(&world, cluster_start(CLUSTER_FAST), "rules");
    return 0;
}

static int
stop(void **state)
{
    struct cluster *cluster = world.cluster;

    (void)state;
    world_end(&world);
    cluster_stop(cluster);
    return 0;
}

/* The list, asked for by nobody; the caller's to release. */
static json_t *
get(const char *target)
{
    struct reply reply = world_get(&world, 0, target);

    assert_int_equal(reply.status, 200);
    json_t *list = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(list);
    return list;
}

static const json_t *
rule(const json_t *list, const char *code)
{
    const json_t *items = json_object_get(list, "items");

    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (strcmp(json_string_value(json_object_get(item, "code")), code) == 0) {
            return item;
        }
    }
    return NULL;
}

static const char *
text(const json_t *item, const char *key)
{
    return json_string_value(json_object_get(item, key));
}

static void
every_rule_of_the_forms_has_its_texts_and_its_formula(void **state)
{
    json_t *list = get("/api/v1/rules");

    (void)state;
    const json_t *balance = rule(list, "RB27S-001");
    assert_non_null(balance);
    assert_string_equal(text(balance, "form"), "RB27S");
    assert_string_equal(text(balance, "state"), "on");
    assert_true(strncmp(text(balance, "formula"), "RB27S_001: when nvl(PO, 0) = 0", 30) == 0);
    assert_non_null(strstr(text(balance, "formula"), "errorcode \"RB27S-001\""));
    assert_int_equal(json_array_size(json_object_get(balance, "severities")), 2);
    assert_null(rule(list, "XML-001"));
    assert_null(rule(list, "PODPIS-030"));
    assert_true(json_is_null(json_object_get(list, "release")));
    assert_true(json_is_null(json_object_get(list, "counted")));
    json_decref(list);
    list = get("/api/v1/rules?form=RB28S");
    assert_null(rule(list, "RB27S-001"));
    assert_non_null(rule(list, "RB28S-001"));
    json_decref(list);
    list = get("/api/v1/rules?form=BEZ-TAKIEGO");
    assert_int_equal(json_array_size(json_object_get(list, "items")), 0);
    json_decref(list);
}

static void
switches_and_counts_are_told_without_names(void **state)
{
    struct store              *store = NULL;
    struct fault               fault = {0};
    struct arena              *arena = arena_create((size_t)64 << 20U);
    const struct store_address address = {.host = world.config.database_host,
                                          .port = world.config.database_port,
                                          .database = str_of(world.database)};

    (void)state;
    world_run(&world, "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
                      " VALUES ('RB27S-001', true, '2020-01-01', 'błędny wzór', 'Jan Tajny',"
                      " now()), ('RB28S-001', true, '2020-01-01', 'r', 'Jan Tajny', now()),"
                      " ('RB28S-001', false, '2020-01-02', 'r', 'Jan Tajny', now()),"
                      " ('RB27S-003', true, '2999-01-01', 'r', 'Jan Tajny', now())");
    world_run(&world, "INSERT INTO intake.finding SELECT submission, n, 990 + ordinal, report,"
                      " 'RB27S-003', 'query', 1, 1, 1, '', '', '', '', '', '', '', '', '', ''"
                      " FROM intake.finding WHERE submission = '" WORLD_PACKAGE "' LIMIT 2");
    ENSURE(store_open(arena, &address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    assert_int_equal(rule_switch_count(store, arena, &fault), ERR_OK);
    ENSURE(store_commit(store, &fault) == ERR_OK);
    arena_destroy(arena);

    struct reply reply = world_get(&world, 0, "/api/v1/rules");
    assert_null(memmem(reply.body.data, reply.body.size, "Tajny", 5));
    json_t *list = get("/api/v1/rules");
    assert_string_equal(text(rule(list, "RB27S-001"), "state"), "off");
    assert_string_equal(text(rule(list, "RB28S-001"), "state"), "on");
    assert_string_equal(text(rule(list, "RB27S-003"), "state"), "on"); /* not yet */
    const json_t *turned = json_object_get(rule(list, "RB28S-001"), "switches");
    assert_int_equal(json_array_size(turned), 2);
    assert_string_equal(text(json_array_get(turned, 1), "state"), "on");
    const json_t *counts = json_object_get(rule(list, "RB27S-003"), "counts");
    assert_int_equal(json_array_size(counts), 1);
    assert_string_equal(text(json_array_get(counts, 0), "severity"), "query");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(counts, 0), "findings")), 2);
    assert_true(json_is_string(json_object_get(list, "counted")));
    json_decref(list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_forms_has_its_texts_and_its_formula),
        cmocka_unit_test(switches_and_counts_are_told_without_names),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
