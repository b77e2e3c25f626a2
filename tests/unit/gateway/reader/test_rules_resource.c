#include "gateway/metrics/metrics.h"
#include "gateway/release/rule_switch.h"
#include "tests/support/expect.h"
#include "tests/support/revision.h"
#include "tests/unit/gateway/reader/sets.h"
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
    const json_t *between = rule(list, "ZESTAW-001");
    assert_non_null(between);
    assert_string_equal(text(balance, "kind"), "form");
    assert_string_equal(text(between, "kind"), "set");
    assert_true(json_is_null(json_object_get(between, "form")));
    assert_true(json_is_null(json_object_get(between, "form_version")));
    assert_non_null(strstr(text(between, "formula"), "ZESTAW_001 <-"));
    assert_null(rule(list, "XML-001"));
    assert_null(rule(list, "PODPIS-030"));
    assert_true(json_is_null(json_object_get(list, "release")));
    assert_true(json_is_null(json_object_get(list, "counted")));
    json_decref(list);
    list = get("/api/v1/rules?form=RB28S");
    assert_null(rule(list, "RB27S-001"));
    assert_null(rule(list, "ZESTAW-001"));
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
                      " ('RB27S-003', true, '2999-01-01', 'r', 'Jan Tajny', now()),"
                      " ('ZESTAW-001', true, '2020-01-01', 'r', 'Jan Tajny', now())");
    world_run(&world, SETS_SQL);
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
    const json_t *between = rule(list, "ZESTAW-001");
    assert_string_equal(text(between, "state"), "off");
    assert_int_equal(json_array_size(json_object_get(between, "switches")), 1);
    counts = json_object_get(between, "counts");
    assert_int_equal(json_array_size(counts), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(counts, 0), "findings")), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(counts, 0), "reports")), 2);
    assert_int_equal(json_array_size(json_object_get(rule(list, "ZESTAW-003"), "counts")), 0);
    json_decref(list);
}

/* In force since yesterday, by the world's clock; of two of one time the later published holds. */
static void
publish(struct str bundle)
{
    const struct store_address address = {.host = world.config.database_host,
                                          .port = world.config.database_port,
                                          .database = str_of(world.database)};
    struct arena              *arena = arena_create((size_t)256 << 20U);
    struct store              *store = NULL;
    struct fault               fault = {0};
    struct release             release = {.author = STR("Anna"),
                                          .publisher = STR("Jan"),
                                          .reason = STR("nowe definicje"),
                                          .published = INSTANT_PER_SECOND,
                                          .active_from = INT64_C(2) * INSTANT_PER_SECOND};

    ENSURE(store_open(arena, &address, STORE_ADMIN, &store, &fault) == ERR_OK);
    assert_int_equal(release_publish(store, arena, bundle, &release, &fault), ERR_OK);
    arena_destroy(arena);
}

/* The program's own, with this title of a rule and of a form. */
static struct str
titled(const char *rule, const char *form)
{
    static const char old_rule[] =
        "<title>Należności pozostałe do zapłaty minus nadpłaty to {found}";
    static const char old_form[] = "title=\"Rb-27S\"";

    const struct revision revisions[] = {
        {"rb-27s/2025-1/rules.xml", old_rule,
         str_format(world.arena,                                      "<title>%s {found}", rule).data},
        {"rb-27s/2025-1/form.xml",  old_form, str_format(world.arena, "title=\"%s\"",      form).data},
    };

    return revision_bundle(world.arena, world.clerk.tools.edition->first->bundle, revisions,
                           ARRAY_COUNT(revisions));
}

static int64_t
release_number(const json_t *rules)
{
    return json_integer_value(json_object_get(json_object_get(rules, "release"), "number"));
}

/* What is told of definitions, everywhere the same: how often they were compiled for it. */
static int64_t
expect_told(const char *rule_title, const char *form_title, int64_t number)
{
    int64_t before = metrics_get(METRIC_DEFINITIONS_COMPILED);
    json_t *rules = get("/api/v1/rules?form=RB27S");
    json_t *forms = get("/api/v1/forms");
    json_t *form = get("/api/v1/forms/RB27S/2025-1");
    json_t *status = get("/api/v1/status");

    assert_non_null(strstr(text(rule(rules, "RB27S-001"), "title"), rule_title));
    assert_string_equal(text(form, "title"), form_title);
    assert_string_equal(text(forms, "definitions_sha256"), text(rules, "definitions_sha256"));
    assert_string_equal(text(status, "definitions_sha256"), text(rules, "definitions_sha256"));
    assert_int_equal(release_number(rules), number);
    assert_int_equal(world_get(&world, 0, "/api/v1/forms/RB27S/2025-1/example").status, 200);
    json_decref(rules);
    json_decref(forms);
    json_decref(form);
    json_decref(status);
    return metrics_get(METRIC_DEFINITIONS_COMPILED) - before;
}

static void
release_is_compiled_once_and_the_next_is_seen_at_once(void **state)
{
    const struct bundle *own = world.clerk.tools.edition->first->bundle;

    (void)state;
    assert_int_equal(expect_told("pozostałe do zapłaty", "Rb-27S", 0), 0);
    publish(titled("PIERWSZE", "Rb-27S pierwsze"));
    assert_int_equal(expect_told("PIERWSZE", "Rb-27S pierwsze", 1), 1);
    assert_int_equal(expect_told("PIERWSZE", "Rb-27S pierwsze", 1), 0);
    publish(titled("DRUGIE", "Rb-27S drugie"));
    assert_int_equal(expect_told("DRUGIE", "Rb-27S drugie", 2), 1);
    publish(own->bytes);
    assert_int_equal(expect_told("pozostałe do zapłaty", "Rb-27S", 3), 0);
    publish(titled("DRUGIE", "Rb-27S drugie"));
    assert_int_equal(expect_told("DRUGIE", "Rb-27S drugie", 4), 1);
}

static void
faulty_release_leaves_the_one_in_force(void **state)
{
    (void)state;
    publish(titled("CAŁE", "Rb-27S"));
    assert_int_equal(expect_told("CAŁE", "Rb-27S", 5), 1);
    publish(STR("BRAMA-BUNDLE 1\n3 catalogue.xml\n\n<x>"));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(expect_told("CAŁE", "Rb-27S", 5), 0);
        assert_int_equal(world.clerk.tools.edition->refused, 6);
    }
    publish(titled("PO BŁĘDNYM", "Rb-27S"));
    assert_int_equal(expect_told("PO BŁĘDNYM", "Rb-27S", 7), 1);
}

static void
what_fails_in_passing_refuses_no_release(void **state)
{
    (void)state;
    publish(titled("PÓŹNIEJ", "Rb-27S"));
    world_run(&world, "REVOKE SELECT ON intake.material FROM brama_reader");
    assert_int_equal(world_get(&world, 0, "/api/v1/rules").status, 200);
    assert_int_equal(world.clerk.tools.edition->refused, 6);
    int64_t failures = metrics_get(METRIC_STORE_FAILURES);
    world.now = EDITION_PAUSE - 1;
    assert_int_equal(world_get(&world, 0, "/api/v1/rules").status, 200);
    assert_int_equal(metrics_get(METRIC_STORE_FAILURES), failures); /* nobody has looked */
    world.now = EDITION_PAUSE;
    assert_int_equal(world_get(&world, 0, "/api/v1/rules").status, 200);
    assert_int_equal(metrics_get(METRIC_STORE_FAILURES), failures + 1);
    world_run(&world, "GRANT SELECT ON intake.material TO brama_reader");
    world.now = 2 * EDITION_PAUSE;
    assert_int_equal(expect_told("PÓŹNIEJ", "Rb-27S", 8), 1);
}

/* Without a database those that were known last hold. */
static void
forms_are_told_of_the_release_without_a_database(void **state)
{
    (void)state;
    world_run(&world, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                      " WHERE usename = 'brama_reader' AND datname = current_database()");
    world_run(&world, "ALTER ROLE brama_reader NOLOGIN");
    struct reply reply = world_get(&world, 0, "/api/v1/forms");
    assert_int_equal(reply.status, 200);
    assert_int_equal(world.clerk.tools.edition->release.release, 8);
    world_run(&world, "ALTER ROLE brama_reader LOGIN");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_forms_has_its_texts_and_its_formula),
        cmocka_unit_test(switches_and_counts_are_told_without_names),
        cmocka_unit_test(release_is_compiled_once_and_the_next_is_seen_at_once),
        cmocka_unit_test(faulty_release_leaves_the_one_in_force),
        cmocka_unit_test(what_fails_in_passing_refuses_no_release),
        cmocka_unit_test(forms_are_told_of_the_release_without_a_database),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
