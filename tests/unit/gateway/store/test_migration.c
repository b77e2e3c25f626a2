#include "gateway/store/migration.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)32 * 1024 * 1024)

struct bench {
    struct arena        *arena;
    struct store        *store;
    struct fault         fault;
    const char          *name;
    struct store_address address;
};

static struct cluster *cluster;

/* The list that is built in, and what a later program may add to it. */
enum { LIST_MAX = 100 };
static struct migration list[LIST_MAX];
static size_t           built_in;

static const struct migration added[] = {
    {9001, "9001_one", "CREATE TABLE public.one (x integer); INSERT INTO public.one VALUES (1)"},
    {9002, "9002_two", "ALTER TABLE public.one ADD y integer"                                  },
    {9003, "9003_bad", "CREATE TABLE public.three (x integer); SELECT nothing"                 },
};

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    built_in = migration_count();
    assert_in_range(built_in, 1, LIST_MAX - ARRAY_COUNT(added));
    for (size_t i = 0; i < built_in; i++) {
        list[i] = *migration_at(i);
    }
    memcpy(&list[built_in], added, sizeof added);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

static int
set_up(void **state)
{
    static struct bench bench;
    static int          number;

    bench = (struct bench){.arena = arena_create(ARENA_MAX)};
    bench.name = str_format(bench.arena, "migration%d", number++).data;
    bench.address = cluster_database(cluster, bench.name);
    assert_int_equal(
        store_open(bench.arena, &bench.address, STORE_OWNER, &bench.store, &bench.fault), ERR_OK);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    arena_destroy(bench->arena);
    return 0;
}

static struct str
ask(struct bench *bench, const char *sql)
{
    return cluster_ask(cluster, bench->arena, bench->name, sql);
}

static void
built_in_files_are_numbered_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < migration_count(); i++) {
        const struct migration *migration = migration_at(i);
        EXPECT(strtol(migration->name, NULL, 10) == migration->number, migration->name);
        EXPECT(i == 0 || migration_at(i - 1)->number < migration->number, migration->name);
        EXPECT(strlen(migration->sql) > 0, migration->name);
    }
}

static void
empty_database_gets_all_and_then_nothing(void **state)
{
    struct bench          *bench = *state;
    struct migration_state seen = {0};
    size_t                 count = 99;

    cluster_run(cluster, "postgres", "CREATE DATABASE fresh OWNER brama_owner TEMPLATE template0");
    struct store_address address = {bench->address.host, bench->address.port, STR("fresh")};
    struct store        *store = NULL;
    assert_int_equal(store_open(bench->arena, &address, STORE_OWNER, &store, &bench->fault),
                     ERR_OK);
    assert_int_equal(migration_look(store, bench->arena, &seen, &bench->fault), ERR_OK);
    assert_int_equal(seen.applied, 0);
    assert_int_equal(seen.known, migration_at(built_in - 1)->number);
    assert_int_equal(migration_run(store, bench->arena, &count, &bench->fault), ERR_OK);
    assert_int_equal(count, built_in);
    assert_int_equal(migration_run(store, bench->arena, &count, &bench->fault), ERR_OK);
    assert_int_equal(count, 0);
}

/* A database as it stood before the migration of this number, filled, and brought up to date. */
static void
bring_up(struct bench *bench, const char *name, int number, const char *filled_sql)
{
    struct store_address address = {bench->address.host, bench->address.port, str_of(name)};
    struct store        *store = NULL;
    size_t               before = 0;
    size_t               count = 0;

    cluster_run(
        cluster, "postgres",
        str_format(bench->arena, "CREATE DATABASE %s OWNER brama_owner TEMPLATE template0", name)
            .data);
    bench->name = name;
    assert_int_equal(store_open(bench->arena, &address, STORE_OWNER, &store, &bench->fault),
                     ERR_OK);
    while (before < built_in && list[before].number < number) {
        before++;
    }
    assert_int_equal(migration_apply(store, bench->arena, list, before, &count, &bench->fault),
                     ERR_OK);
    cluster_run(cluster, name, filled_sql);
    assert_int_equal(migration_run(store, bench->arena, &count, &bench->fault), ERR_OK);
    assert_int_equal(count, built_in - before);
}

static void
what_was_there_before_obligations_had_a_scope_opens_what_it_opened(void **state)
{
    static const char filled_sql[] =
        "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from) VALUES"
        " ('990000016', '02', '01', '02', '2', '0', 'ZB-TEST', 'jst', 'Gmina', '2020-01-01');"
        "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
        " SELECT 1, false, sha256(i::text::bytea), i, '', '2099-01-01' FROM generate_series(0, 31) "
        "i;"
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived) SELECT md5(i::text)::uuid, 1, 1, i::text, sha256(''),"
        " 1, now(), now(), now() FROM generate_series(1, 4) i;"
        "INSERT INTO intake.report SELECT i, md5(i::text)::uuid, 1, 0, 1, '', '', '', '', '', '',"
        " '', '', '', 'RB27S', '1', '', 2026, 'Kwartal', 2, '2026-Q2', '2026-06-30', 'zbiorcze',"
        " '', 0, CASE i WHEN 3 THEN 3 ELSE 1 END, '', sha256('x'), 0, 1, 1, now(), 1, NULL"
        " FROM generate_series(1, 4) i;"
        "SET session_replication_role = replica; UPDATE intake.report SET addressed_to ="
        " (ARRAY[2, 16, 2, 1])[report]";
    struct bench *bench = *state;

    bring_up(bench, "older", 17, filled_sql);
    assert_true(str_equal(
        ask(bench, "SELECT count(*) FROM registry.credential WHERE scopes <> credential - 1 +"
                   " CASE WHEN (credential - 1) & 6 = 2 THEN 4 ELSE 0 END"),
        STR("0")));
    /* Who changed them stands in the trail. */
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM people.audit WHERE act = 'update' AND"
                                     " object_kind = 'registry.credential'"),
                          STR("8")));
    assert_true(str_equal(
        ask(bench, "SELECT string_agg(concat_ws(':', a.kind, a.place, s.key), ' ' ORDER BY a.kind)"
                   " FROM intake.addressing a JOIN intake.submission s USING (ordinal)"),
        STR("2:1:1 16:0:2")));
}

static void
question_of_before_knows_its_unit_and_its_sender_and_else_never_changes(void **state)
{
    static const char filled_sql[] =
        "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from) SELECT"
        " r, '02', '01', '02', '2', '0', 'ZB-TEST', 'jst', 'Gmina', '2020-01-01'"
        " FROM (VALUES ('990000016'), ('990000022')) x (r);"
        "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
        " VALUES (1, false, sha256('t'), 1, '', '2099-01-01');"
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at)"
        " VALUES (md5('1')::uuid, 1, 1, '1', sha256(''), 1, now(), now(), now(), 'decided', 1, 2,"
        " 2, now());"
        "INSERT INTO intake.report SELECT i, md5('1')::uuid, i, 0, CASE i WHEN 2 THEN 2 END, '', "
        "'',"
        " '', '', '', '', '', '', '', 'RB27S', '1', '', 2026, 'Kwartal', 2, '2026-Q2',"
        " '2026-06-30', 'zbiorcze', '', 0, i - 1, '', sha256('x'), 0, 1, 1, now(), 1, NULL"
        " FROM generate_series(1, 2) i;"
        "INSERT INTO intake.question (submission, report, asked_at, days, until, calendar)"
        " VALUES (md5('1')::uuid, 0, now(), 7, '2026-07-21', '1')";
    struct bench *bench = *state;

    bring_up(bench, "asked", 40, filled_sql);
    assert_true(str_equal(ask(bench, "SELECT concat_ws(':', unit, subject) FROM intake.question"),
                          STR("2:1")));
    cluster_run(cluster, bench->name,
                "UPDATE intake.question SET unit = 1; DO $$ BEGIN"
                " UPDATE intake.question SET days = 9; RAISE 'changed';"
                " EXCEPTION WHEN check_violation THEN NULL; END $$");
    assert_true(str_equal(ask(bench, "SELECT concat_ws(':', unit, days) FROM intake.question"),
                          STR("1:7")));
}

/* One of each report's queries was closed; another duty has a report that nothing is asked of. */
static void
what_sets_had_asked_before_is_counted(void **state)
{
    static const char filled_sql[] =
        "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from) VALUES"
        " ('990000016', '02', '01', '02', '2', '0', 'ZB-TEST', 'jst', 'Gmina', '2020-01-01');"
        "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
        " VALUES (1, false, sha256('t'), 1, '', '2099-01-01');"
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at)"
        " VALUES (md5('1')::uuid, 1, 1, '1', sha256(''), 1, now(), now(), now(), 'decided', 1, 1,"
        " 1, now());"
        "INSERT INTO intake.report SELECT i, md5('1')::uuid, 1, i, 1, '', '', '', '', '', '', '',"
        " '', '', 'RB' || i, '1', '', 2026, 'Kwartal', 2, '2026-Q2', '2026-06-30', 'zbiorcze',"
        " '', 0, 1, '', sha256('x'), 0, 1, 1, now(), 1, tstzmultirange(tstzrange(now(), NULL))"
        " FROM generate_series(1, 2) i;"
        "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
        " period, period_end, opens_at) SELECT 'RB' || i, '', 'zbiorcze', 2026, 'Kwartal', 2,"
        " '2026-Q2', '2026-06-30', '2026-07-01' FROM generate_series(1, 2) i;"
        "INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before, powiat,"
        " accepted_at, report, report_arrived) SELECT 1, 1, m.matter, 1, 1, '2099-07-23', '0201',"
        " r.arrived, r.report, r.arrived FROM obligation.matter m JOIN intake.report r USING "
        "(form);"
        "INSERT INTO intake.set_finding (owner, scope, period_end, period_type, report, code,"
        " severity, cell, about, basis, definitions, opened_at, closed_at, mark)"
        " SELECT 1, 0, '2026-06-30', 'Kwartal', 1, 'ZESTAW-001', 'query', i::text, '', '', '',"
        " now(), CASE i WHEN 3 THEN now() END, md5(i::text)::uuid FROM generate_series(1, 4) i;"
        "INSERT INTO intake.explanation (submission, report, mark, revision, code, text, given_at,"
        " unit, credential, n, set_finding) SELECT md5('1')::uuid, 1, mark, 1, 'inna', '', now(),"
        " 1, 1, 1, finding FROM intake.set_finding WHERE cell = '4'";
    struct bench *bench = *state;

    bring_up(bench, "counted", 41, filled_sql);
    assert_true(str_equal(ask(bench, "SELECT string_agg(concat_ws(':', report, open_queries), ' '"
                                     " ORDER BY report) FROM obligation.duty"),
                          STR("1:2 2:0")));
    assert_true(str_equal(ask(bench, "SELECT sum(questioned) FROM obligation.tally"), STR("1")));
}

/* The unit of the first duty went from JST 1, whose day stayed with it, to JST 2 that has none;
 * that of the second to JST 1; of the third nobody has entered anything. */
static void
internal_day_that_stayed_with_another_jst_is_put_right(void **state)
{
    static const char filled_sql[] =
        "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from) SELECT"
        " r, '02', '01', '02', '2', '0', 'ZB-TEST', 'jst', 'Gmina', '2020-01-01'"
        " FROM (VALUES ('990000016'), ('990000022'), ('990001010'), ('990001027'), ('990001033')) "
        "x (r);"
        "INSERT INTO obligation.way (office) VALUES (NULL);"
        "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
        " period, period_end, opens_at) VALUES ('RBN', '', 'jednostkowe', 2026, 'Kwartal', 2,"
        " '2026-Q2', '2026-06-30', '2026-07-01');"
        "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        " recipient_title, rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed,"
        " model, basis) VALUES ('1', 1, 'jst', 0, 'zarzad-jst', '', 'd+10', '2026-07-10',"
        " '2026-07-10', '2026-07-11', false, true, false, 'x');"
        "INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before, powiat,"
        " internal_on) VALUES (3, 2, 1, 1, 1, '2026-07-11', '0201', '2026-07-05'),"
        " (4, 1, 1, 1, 1, '2026-07-11', '0201', NULL), (5, 2, 1, 1, 1, '2026-07-11', '0201', NULL);"
        "INSERT INTO obligation.internal_due (unit, form, period, due_on, basis, entered_by)"
        " VALUES (1, 'RBN', '2026-Q2', '2026-07-05', 'x', 'x')";
    struct bench *bench = *state;

    bring_up(bench, "internal", 44, filled_sql);
    assert_true(str_equal(ask(bench, "SELECT string_agg(concat_ws(':', unit, internal_on), ' '"
                                     " ORDER BY unit) FROM obligation.duty"),
                          STR("3 4:2026-07-05 5")));
}

/* Its people heard of it then, or never will: no letter comes months later. */
static void
receiver_that_was_off_before_letters_came_is_not_told_of(void **state)
{
    static const char filled_sql[] =
        "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from) VALUES"
        " ('990000016', '02', '01', '02', '2', '0', 'ZB-TEST', 'jst', 'Gmina', '2020-01-01');"
        "INSERT INTO courier.endpoint (unit, url, events, label, disabled_at) SELECT 1,"
        " 'https://x.pl/', '{submission.accepted}', '', off FROM (VALUES (now()), (NULL)) o (off)";
    struct bench *bench = *state;

    bring_up(bench, "off", 16, filled_sql);
    assert_true(str_equal(ask(bench, "SELECT string_agg((told_at >= disabled_at)::text, ' ')"
                                     " || count(*) FROM courier.endpoint"),
                          STR("true2")));
}

static void
every_role_can_look(void **state)
{
    struct bench *bench = *state;

    for (int role = STORE_OWNER; role <= STORE_COURIER; role++) {
        struct store          *store = NULL;
        struct migration_state seen = {0};
        assert_int_equal(
            store_open(bench->arena, &bench->address, (enum store_role)role, &store, &bench->fault),
            ERR_OK);
        assert_int_equal(migration_look(store, bench->arena, &seen, &bench->fault), ERR_OK);
        assert_int_equal(seen.applied, seen.known);
    }
}

static void
only_the_owner_migrates(void **state)
{
    struct bench *bench = *state;

    for (int role = STORE_WRITER; role <= STORE_COURIER; role++) {
        struct store *store = NULL;
        size_t        count = 0;
        assert_int_equal(
            store_open(bench->arena, &bench->address, (enum store_role)role, &store, &bench->fault),
            ERR_OK);
        assert_int_equal(migration_run(store, bench->arena, &count, &bench->fault),
                         ERR_STORE_UNFIT);
        assert_string_equal(store_sqlstate(store), "42501");
    }
}

static void
missing_ones_are_applied_in_order_and_a_bad_one_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    size_t        count = 0;

    assert_int_equal(
        migration_apply(bench->store, bench->arena, list, built_in + 1, &count, &bench->fault),
        ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(
        migration_apply(bench->store, bench->arena, list, built_in + 3, &count, &bench->fault),
        ERR_STORE_UNFIT);
    assert_int_equal(count, 1); /* the good one before the bad one stays */
    assert_true(str_equal(ask(bench, "SELECT max(number) FROM public.migration"
                                     " WHERE to_regclass('public.three') IS NULL"),
                          STR("9002")));
    assert_true(
        str_equal(ask(bench, "SELECT sha256 = sha256('ALTER TABLE public.one ADD y integer')"
                             " FROM public.migration WHERE number = 9002"),
                  STR("t")));
}

static void
changed_or_newer_one_is_refused(void **state)
{
    struct bench    *bench = *state;
    struct migration changed[LIST_MAX];
    size_t           count = 0;

    assert_int_equal(
        migration_apply(bench->store, bench->arena, list, built_in + 1, &count, &bench->fault),
        ERR_OK);
    /* This program does not know the one that was added. */
    assert_int_equal(migration_run(bench->store, bench->arena, &count, &bench->fault), ERR_STORE);
    assert_non_null(strstr(bench->fault.text, "9001_one, której ten program nie zna"));
    memcpy(changed, list, sizeof changed);
    changed[built_in].sql =
        "CREATE TABLE public.one (x integer); INSERT INTO public.one VALUES (2)";
    assert_int_equal(
        migration_apply(bench->store, bench->arena, changed, built_in + 2, &count, &bench->fault),
        ERR_STORE);
    assert_non_null(strstr(bench->fault.text, "9001_one, którą ma baza, jest inna"));
    assert_int_equal(count, 0);
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM public.migration WHERE number > 9001"),
                          STR("0")));
}

/* Two branches of work: one brought 9002, and 9001 came later. */
static void
one_that_was_passed_over_is_refused_and_seen(void **state)
{
    struct bench          *bench = *state;
    struct migration       gap[LIST_MAX];
    struct migration_state seen = {0};
    size_t                 count = 0;

    memcpy(gap, list, sizeof gap);
    gap[built_in] = (struct migration){9002, "9002_two", "CREATE TABLE public.two (x integer)"};
    assert_int_equal(
        migration_apply(bench->store, bench->arena, gap, built_in + 1, &count, &bench->fault),
        ERR_OK);
    assert_int_equal(
        migration_apply(bench->store, bench->arena, list, built_in + 2, &count, &bench->fault),
        ERR_STORE);
    assert_non_null(strstr(bench->fault.text, "nie ma zmiany 9001_one, a ma już późniejszą: 9002"));
    assert_int_equal(count, 0);
    assert_int_equal(migration_look(bench->store, bench->arena, &seen, &bench->fault), ERR_OK);
    assert_int_equal(seen.missing, 0); /* of what is built in */
    cluster_run(cluster, bench->name, "DELETE FROM public.migration WHERE number = 2");
    assert_int_equal(migration_look(bench->store, bench->arena, &seen, &bench->fault), ERR_OK);
    assert_int_equal(seen.missing, 2);
    assert_int_equal(seen.applied, 9002);
    assert_int_equal(migration_run(bench->store, bench->arena, &count, &bench->fault), ERR_STORE);
    assert_non_null(strstr(bench->fault.text, "nie ma zmiany 0002_decided_n"));
}

static void
two_that_migrate_at_once_apply_each_one_once(void **state)
{
    enum { TWINS = 4 };
    struct bench *bench = *state;
    pid_t         twins[TWINS];

    for (int i = 0; i < TWINS; i++) {
        twins[i] = fork();
        assert_true(twins[i] >= 0);
        if (twins[i] == 0) {
            struct arena *arena = arena_create(ARENA_MAX);
            struct store *store = NULL;
            struct fault  fault = {0};
            size_t        count = 0;
            bool          good =
                store_open(arena, &bench->address, STORE_OWNER, &store, &fault) == ERR_OK
                && migration_apply(store, arena, list, built_in + 2, &count, &fault) == ERR_OK;
            _exit(good ? (int)count : 100);
        }
    }
    int total = 0;
    for (int i = 0; i < TWINS; i++) {
        int status = 0;
        assert_int_equal(waitpid(twins[i], &status, 0), twins[i]);
        assert_true(WIFEXITED(status));
        total += WEXITSTATUS(status);
    }
    assert_int_equal(total, 2);
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM public.one"), STR("1")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(built_in_files_are_numbered_in_order),
        TEST(empty_database_gets_all_and_then_nothing),
        TEST(what_was_there_before_obligations_had_a_scope_opens_what_it_opened),
        TEST(question_of_before_knows_its_unit_and_its_sender_and_else_never_changes),
        TEST(what_sets_had_asked_before_is_counted),
        TEST(internal_day_that_stayed_with_another_jst_is_put_right),
        TEST(receiver_that_was_off_before_letters_came_is_not_told_of),
        TEST(every_role_can_look),
        TEST(only_the_owner_migrates),
        TEST(missing_ones_are_applied_in_order_and_a_bad_one_leaves_nothing),
        TEST(changed_or_newer_one_is_refused),
        TEST(one_that_was_passed_over_is_refused_and_seen),
        TEST(two_that_migrate_at_once_apply_each_one_once),
#undef TEST
    };

    return cmocka_run_group_tests(tests, start, stop);
}
