#include "gateway/store/store.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>
#include <unistd.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

/* One server for all; each test has an arena and a connection of brama_owner of its own. */
struct bench {
    struct arena *arena;
    struct store *store;
    struct fault  fault;
};

static struct cluster      *cluster;
static struct store_address address;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_DURABLE);
    address = cluster_database(cluster, "one");
    cluster_run(
        cluster, "one",
        "CREATE TABLE public.thing (id bigint PRIMARY KEY, number integer CHECK (number < 100));"
        "GRANT ALL ON public.thing TO brama_owner");
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

    bench = (struct bench){.arena = arena_create(ARENA_MAX)};
    assert_int_equal(store_open(bench.arena, &address, STORE_OWNER, &bench.store, &bench.fault),
                     ERR_OK);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    arena_destroy(bench->arena);
    cluster_run(cluster, "one", "TRUNCATE public.thing");
    return 0;
}

static enum err
run(struct bench *bench, const char *sql, const struct store_parameters *parameters,
    struct store_rows *rows)
{
    return store_run(bench->store, sql, parameters, bench->arena, rows, &bench->fault);
}

static void
every_kind_of_value_comes_back_as_it_went(void **state)
{
    struct bench           *bench = *state;
    struct store_parameters parameters = store_parameters_create(bench->arena);
    struct store_rows       rows = {0};
    struct uuid             uuid = {
                    {1, 2, 3, 0, 255}
    };

    store_put_number(&parameters, INT64_MIN);
    store_put_integer(&parameters, -7);
    store_put_truth(&parameters, true);
    store_put_text(&parameters, STR("zażółć"));
    store_put_bytes(&parameters, STR("a\0b"));
    store_put_uuid(&parameters, uuid);
    store_put_instant(&parameters, -1);
    store_put_date(&parameters, (struct date){1900, 1, 1});
    store_put_null(&parameters, STORE_NUMBER);
    store_put_text(&parameters, (struct str){0});
    store_put_text(&parameters, STR(""));
    assert_int_equal(
        run(bench,
            "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
            " $2::smallint, '{\"a\": 1}'::jsonb, extract(epoch FROM $7)::text, $8::text",
            &parameters, &rows),
        ERR_OK);
    assert_int_equal(store_row_count(&rows), 1);
    assert_true(store_number(&rows, 0, 0) == INT64_MIN);
    assert_int_equal(store_number(&rows, 0, 1), -7);
    assert_true(store_truth(&rows, 0, 2));
    assert_true(str_equal(store_text(&rows, 0, 3), STR("zażółć")));
    assert_true(str_equal(store_text(&rows, 0, 4), STR("a\0b")));
    assert_true(uuid_equal(store_uuid(&rows, 0, 5), uuid));
    assert_int_equal(store_instant(&rows, 0, 6), -1);
    assert_int_equal(date_compare(store_date(&rows, 0, 7), (struct date){1900, 1, 1}), 0);
    assert_true(store_is_null(&rows, 0, 8));
    assert_int_equal(store_number(&rows, 0, 8), 0);
    assert_true(store_is_null(&rows, 0, 9));
    assert_null(store_text(&rows, 0, 9).data);
    assert_false(store_is_null(&rows, 0, 10));
    assert_int_equal(store_text(&rows, 0, 10).size, 0);
    assert_int_equal(store_number(&rows, 0, 11), -7);
    assert_true(str_equal(store_text(&rows, 0, 12), STR("{\"a\": 1}")));
    /* And it is what the server takes it for. */
    assert_true(str_equal(store_text(&rows, 0, 13), STR("-0.000001")));
    assert_true(str_equal(store_text(&rows, 0, 14), STR("1900-01-01")));
}

static void
arrays_keep_order_and_nulls_also_when_empty(void **state)
{
    static const int64_t    numbers[] = {3, -1, INT64_MAX};
    static const struct str texts[] = {
        STR_INIT("a"), {NULL, 0},
         STR_INIT(""), STR_INIT("ł,{}\"")
    };
    struct uuid             uuids[2] = {{{9}}, {{8}}};
    struct bench           *bench = *state;
    struct store_parameters parameters = store_parameters_create(bench->arena);
    struct store_rows       rows = {0};

    store_put_numbers(&parameters, numbers, ARRAY_COUNT(numbers));
    store_put_texts(&parameters, texts, ARRAY_COUNT(texts));
    store_put_uuids(&parameters, uuids, ARRAY_COUNT(uuids));
    store_put_byte_strings(&parameters, texts, ARRAY_COUNT(texts));
    store_put_numbers(&parameters, NULL, 0);
    assert_int_equal(run(bench, "SELECT $1::text, $2::text, $3::text, $4::text, cardinality($5)",
                         &parameters, &rows),
                     ERR_OK);
    assert_true(str_equal(store_text(&rows, 0, 0), STR("{3,-1,9223372036854775807}")));
    assert_true(str_equal(store_text(&rows, 0, 1), STR("{a,NULL,\"\",\"ł,{}\\\"\"}")));
    assert_true(str_starts_with(store_text(&rows, 0, 2), STR("{09000000-0000")));
    assert_true(str_starts_with(store_text(&rows, 0, 3), STR("{\"\\\\x61\",NULL,\"\\\\x\",")));
    assert_int_equal(store_number(&rows, 0, 4), 0);
}

static void
statement_is_prepared_once_and_again_after_reopening(void **state)
{
    static const char sql[] = "SELECT $1 + 1";
    struct bench     *bench = *state;
    struct store_rows rows = {0};

    for (int64_t round = 0; round < 6; round++) {
        struct store_parameters parameters = store_parameters_create(bench->arena);
        store_put_number(&parameters, round);
        assert_int_equal(run(bench, sql, &parameters, &rows), ERR_OK);
        assert_int_equal(store_number(&rows, 0, 0), round + 1);
        if (round == 2) {
            assert_int_equal(store_reopen(bench->store, &bench->fault), ERR_OK);
        }
    }
    assert_int_equal(run(bench,
                         "SELECT count(*) FROM pg_prepared_statements WHERE statement = "
                         "'SELECT $1 + 1'",
                         NULL, &rows),
                     ERR_OK);
    assert_int_equal(store_number(&rows, 0, 0), 1);
}

static void
more_statements_than_are_kept_prepared_still_run(void **state)
{
    struct bench     *bench = *state;
    struct store_rows rows = {0};

    for (int i = 0; i < 300; i++) {
        struct str sql = str_format(bench->arena, "SELECT %d", i);
        assert_int_equal(run(bench, sql.data, NULL, &rows), ERR_OK);
        assert_int_equal(store_number(&rows, 0, 0), i);
    }
}

/* What the server refuses, and how it is told: no row may hold the word TAJNE. */
static const struct {
    const char *name;
    const char *sql;
    enum err    want;
    const char *state;
} refusals[] = {
    {"syntax",                     "SELEC 1",                                                   ERR_STORE_UNFIT,    "42601"},
    {"no such table",              "SELECT * FROM public.nothing",                              ERR_STORE_UNFIT,    "42P01"},
    {"unqualified name",           "SELECT * FROM thing",                                       ERR_STORE_UNFIT,    "42P01"},
    {"value in message",           "SELECT lower('TAJNE')::integer",                            ERR_STORE,          "22P02"},
    {"value in message of a date", "SELECT to_date(lower('TAJNE'), 'YYYY')",                    ERR_STORE,          "22007"},
    {"value in detail",            "INSERT INTO public.thing VALUES (1, 4), (1, 5)",            ERR_STORE,          "23505"},
    {"check",                      "INSERT INTO public.thing VALUES (1, 100)",                  ERR_STORE,          "23514"},
    {"division",                   "SELECT 1 / (SELECT count(*) - count(*) FROM public.thing)", ERR_STORE,          "22012"},
    {"serialization",              "DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$",     ERR_STORE_CONFLICT,
     "40001"                                                                                                               },
    {"deadlock",                   "DO $$ BEGIN RAISE 'x' USING ERRCODE = '40P01'; END $$",     ERR_STORE_CONFLICT,
     "40P01"                                                                                                               },
    {"lock timeout",               "DO $$ BEGIN RAISE 'x' USING ERRCODE = '55P03'; END $$",     ERR_STORE_CONFLICT,
     "55P03"                                                                                                               },
    {"lock, other",                "DO $$ BEGIN RAISE 'x' USING ERRCODE = '55P02'; END $$",     ERR_STORE,          "55P02"},
    {"disk full",                  "DO $$ BEGIN RAISE 'x' USING ERRCODE = '53100'; END $$",     ERR_STORE_LOST,     "53100"},
    {"out of memory",              "DO $$ BEGIN RAISE 'x' USING ERRCODE = '53200'; END $$",     ERR_STORE_LOST,
     "53200"                                                                                                               },
    {"I/O error",                  "DO $$ BEGIN RAISE 'x' USING ERRCODE = '58030'; END $$",     ERR_STORE_LOST,     "58030"},
    {"cancelled",                  "DO $$ BEGIN RAISE 'x' USING ERRCODE = '57014'; END $$",     ERR_STORE_LOST,     "57014"},
};

static void
rows_are_found_by_their_keys_in_a_table_measured_empty(void **state)
{
    static const struct {
        const char     *name;
        enum store_role role;
    } who[] = {
        {"writer",  STORE_WRITER },
        {"courier", STORE_COURIER},
    };
    struct bench *bench = *state;

    cluster_run(cluster, "one",
                "GRANT SELECT ON public.thing TO brama_writer, brama_courier;"
                "ANALYZE public.thing");
    for (size_t i = 0; i < ARRAY_COUNT(who); i++) {
        struct store     *store = NULL;
        struct store_rows rows = {0};
        EXPECT(store_open(bench->arena, &address, who[i].role, &store, &bench->fault) == ERR_OK,
               who[i].name);
        EXPECT(store_run(store, "EXPLAIN SELECT number FROM public.thing WHERE id = 1", NULL,
                         bench->arena, &rows, &bench->fault)
                   == ERR_OK,
               who[i].name);
        EXPECT(str_starts_with(store_text(&rows, 0, 0), STR("Index Scan")), who[i].name);
    }
}

static void
refusal_is_told_by_its_kind_and_without_values(void **state)
{
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct store_rows rows = {0};
        enum err          got = run(bench, refusals[i].sql, NULL, &rows);
        EXPECT(got == refusals[i].want, refusals[i].name);
        EXPECT(strcmp(store_sqlstate(bench->store), refusals[i].state) == 0, refusals[i].name);
        EXPECT(strncmp(bench->fault.text, refusals[i].state, 5) == 0, refusals[i].name);
        EXPECT(strstr(bench->fault.text, "tajne") == NULL, refusals[i].name);
        EXPECT(strstr(bench->fault.text, "(1)") == NULL, refusals[i].name);
        /* The connection is as good as before. */
        EXPECT(run(bench, "SELECT 1", NULL, &rows) == ERR_OK, refusals[i].name);
    }
}

static void
commit_keeps_and_rollback_forgets(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "INSERT INTO public.thing VALUES (1, 1)", NULL, NULL), ERR_OK);
    assert_int_equal(store_commit(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "INSERT INTO public.thing VALUES (2, 2)", NULL, NULL), ERR_OK);
    store_rollback(bench->store);
    store_rollback(bench->store); /* there is none: nothing happens */
    assert_true(str_equal(
        cluster_ask(cluster, bench->arena, "one", "SELECT array_agg(id) FROM public.thing"),
        STR("{1}")));
}

static void
commit_of_a_failed_transaction_is_no_success(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "INSERT INTO public.thing VALUES (1, 1)", NULL, NULL), ERR_OK);
    assert_int_equal(run(bench, "INSERT INTO public.thing VALUES (1, 1)", NULL, NULL), ERR_STORE);
    assert_int_equal(store_commit(bench->store, &bench->fault), ERR_STORE);
    assert_true(str_equal(
        cluster_ask(cluster, bench->arena, "one", "SELECT count(*) FROM public.thing"), STR("0")));
}

static void
lock_that_is_held_is_a_conflict(void **state)
{
    struct bench *bench = *state;
    struct store *other = NULL;

    assert_int_equal(store_open(bench->arena, &address, STORE_OWNER, &other, &bench->fault),
                     ERR_OK);
    assert_int_equal(store_begin(other, &bench->fault), ERR_OK);
    assert_int_equal(store_script(other, "LOCK TABLE public.thing", &bench->fault), ERR_OK);
    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "LOCK TABLE public.thing NOWAIT", NULL, NULL), ERR_STORE_CONFLICT);
    store_rollback(bench->store);
    store_rollback(other);
}

static void
connection_that_the_server_ends_is_lost_and_can_be_opened_again(void **state)
{
    struct bench     *bench = *state;
    struct store_rows rows = {0};

    assert_int_equal(run(bench, "SELECT pg_terminate_backend(pg_backend_pid())", NULL, &rows),
                     ERR_STORE_LOST);
    assert_string_equal(store_sqlstate(bench->store), "57P01");
    assert_false(store_is_open(bench->store));
    assert_int_equal(store_socket(bench->store), -1);
    assert_int_equal(run(bench, "SELECT 1", NULL, &rows), ERR_STORE_LOST);
    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_STORE_LOST);
    store_rollback(bench->store);
    assert_int_equal(store_reopen(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "SELECT 1", NULL, &rows), ERR_OK);
    assert_true(store_socket(bench->store) >= 0);
}

static void
server_killed_between_statement_and_commit_is_uncertain_and_has_nothing(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "INSERT INTO public.thing VALUES (7, 7)", NULL, NULL), ERR_OK);
    cluster_kill(cluster);
    enum err got = store_commit(bench->store, &bench->fault);
    /* libpq may see the end of the connection before it sends. */
    assert_true(got == ERR_STORE_UNCERTAIN || got == ERR_STORE_LOST);
    assert_int_equal(store_reopen(bench->store, &bench->fault), ERR_STORE_LOST);
    cluster_restart(cluster);
    assert_int_equal(store_reopen(bench->store, &bench->fault), ERR_OK);
    assert_true(str_equal(
        cluster_ask(cluster, bench->arena, "one", "SELECT count(*) FROM public.thing"), STR("0")));
}

static void
death_during_commit_is_uncertain(void **state)
{
    struct bench *bench = *state;

    cluster_run(cluster, "one",
                "CREATE FUNCTION public.die() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
                "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON public.thing "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.die();"
                "ALTER FUNCTION public.die() SECURITY DEFINER");
    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(run(bench, "INSERT INTO public.thing VALUES (8, 8)", NULL, NULL), ERR_OK);
    assert_int_equal(store_commit(bench->store, &bench->fault), ERR_STORE_UNCERTAIN);
    assert_false(store_is_open(bench->store));
    cluster_run(cluster, "one", "DROP TRIGGER die ON public.thing; DROP FUNCTION public.die()");
}

static void
server_that_may_lose_commits_is_refused(void **state)
{
    static const char *const settings[] = {
        "fsync = off",
        "full_page_writes = off",
        "zero_damaged_pages = on",
        "ignore_checksum_failure = on",
    };
    struct bench *bench = *state;

    assert_int_equal(store_check_durability(bench->store, bench->arena, &bench->fault), ERR_OK);
    assert_int_equal(store_script(bench->store, "SET synchronous_commit = local", &bench->fault),
                     ERR_OK);
    assert_int_equal(store_check_durability(bench->store, bench->arena, &bench->fault), ERR_STORE);
    assert_non_null(strstr(bench->fault.text, "synchronous_commit = local"));
    for (size_t i = 0; i < ARRAY_COUNT(settings); i++) {
        struct str set = str_format(bench->arena, "ALTER SYSTEM SET %s", settings[i]);
        cluster_run(cluster, "one", set.data);
        cluster_run(cluster, "one", "SELECT pg_reload_conf()");
        cluster_restart(cluster);
        EXPECT(store_reopen(bench->store, &bench->fault) == ERR_OK, settings[i]);
        bool command_line = i == 0; /* the cluster's own option is stronger than ALTER SYSTEM */
        EXPECT(store_check_durability(bench->store, bench->arena, &bench->fault)
                   == (command_line ? ERR_OK : ERR_STORE),
               settings[i]);
        EXPECT(command_line || strstr(bench->fault.text, settings[i]) != NULL, settings[i]);
        cluster_run(cluster, "one", "ALTER SYSTEM RESET ALL");
    }
    cluster_restart(cluster);
}

static void
server_without_fsync_is_refused(void **state)
{
    struct bench        *bench = *state;
    struct cluster      *fast = cluster_start(CLUSTER_FAST);
    struct store_address there = cluster_database(fast, "two");
    struct store        *store = NULL;

    assert_int_equal(store_open(bench->arena, &there, STORE_READER, &store, &bench->fault), ERR_OK);
    assert_int_equal(store_check_durability(store, bench->arena, &bench->fault), ERR_STORE);
    assert_non_null(strstr(bench->fault.text, "fsync = off"));
    cluster_stop(fast);
}

static void
address_that_leads_nowhere_is_refused(void **state)
{
    static const struct {
        const char          *name;
        struct store_address address;
        enum err             want;
    } cases[] = {
        {"no folder",  {STR_INIT("/nonexistent"), 5432, STR_INIT("one")}, ERR_STORE_LOST},
        {"empty host", {STR_INIT(""), 5432, STR_INIT("one")},             ERR_USAGE     },
        {"port 0",     {STR_INIT("/tmp"), 0, STR_INIT("one")},            ERR_USAGE     },
        {"port 65536", {STR_INIT("/tmp"), 65536, STR_INIT("one")},        ERR_USAGE     },
        {"no name",    {STR_INIT("/tmp"), 5432, STR_INIT("")},            ERR_USAGE     },
    };
    struct bench        *bench = *state;
    struct store        *store = NULL;
    struct store_address nothing = {address.host, address.port, STR("nothing")};

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(store_open(bench->arena, &cases[i].address, STORE_WRITER, &store, &bench->fault)
                   == cases[i].want,
               cases[i].name);
        EXPECT(store == NULL, cases[i].name);
    }
    assert_int_equal(store_open(bench->arena, &nothing, STORE_WRITER, &store, &bench->fault),
                     ERR_STORE_LOST);
}

static void
full_arena_is_told_and_the_connection_stays_good(void **state)
{
    struct bench           *bench = *state;
    struct arena           *small = arena_create(16);
    struct store_parameters parameters = store_parameters_create(small);
    struct store_rows       rows = {0};

    store_put_number(&parameters, 1);
    store_put_number(&parameters, 2);
    store_put_number(&parameters, 3);
    assert_true(parameters.starved);
    assert_int_equal(run(bench, "SELECT $1 + $2 + $3", &parameters, &rows), ERR_MEMORY);
    assert_int_equal(store_run(bench->store, "SELECT 1", NULL, small, &rows, &bench->fault),
                     ERR_MEMORY);
    assert_int_equal(run(bench, "SELECT 1", NULL, &rows), ERR_OK);
    arena_destroy(small);
}

static void
settings_of_a_session_are_those_of_its_role(void **state)
{
    static const struct {
        const char     *name;
        enum store_role role;
        const char     *want;
    } cases[] = {
        {"owner",   STORE_OWNER,   "brama_owner 0 10s 1min on pg_catalog UTC UTF8"    },
        {"writer",  STORE_WRITER,  "brama_writer 30s 10s 1min on pg_catalog UTC UTF8" },
        {"reader",  STORE_READER,  "brama_reader 5s 10s 1min on pg_catalog UTC UTF8"  },
        {"admin",   STORE_ADMIN,   "brama_admin 30s 10s 1min on pg_catalog UTC UTF8"  },
        {"desk",    STORE_DESK,    "brama_desk 5s 10s 1min on pg_catalog UTC UTF8"    },
        {"courier", STORE_COURIER, "brama_courier 30s 10s 1min on pg_catalog UTC UTF8"},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct store     *store = NULL;
        struct store_rows rows = {0};
        EXPECT(store_open(bench->arena, &address, cases[i].role, &store, &bench->fault) == ERR_OK,
               cases[i].name);
        EXPECT(store_run(store,
                         "SELECT concat_ws(' ', current_user, current_setting('statement_timeout'),"
                         " current_setting('lock_timeout'),"
                         " current_setting('idle_in_transaction_session_timeout'),"
                         " current_setting('synchronous_commit'), current_setting('search_path'),"
                         " current_setting('timezone'), current_setting('client_encoding'))",
                         NULL, bench->arena, &rows, &bench->fault)
                   == ERR_OK,
               cases[i].name);
        EXPECT(str_equal(store_text(&rows, 0, 0), str_of(cases[i].want)), cases[i].name);
    }
}

/* Whose fault it is; what a worker does with each: tests/unit/gateway/submission. */
static const struct {
    const char *state;
    enum err    want;
    bool        closed; /* the connection is of no use any more */
} states[] = {
    {"40001", ERR_STORE_CONFLICT, false},
    {"40P01", ERR_STORE_CONFLICT, false},
    {"55P03", ERR_STORE_CONFLICT, false},
    {"40002", ERR_STORE,          false},
    {"08006", ERR_STORE_LOST,     false},
    {"57014", ERR_STORE_LOST,     false},
    {"57P01", ERR_STORE_LOST,     false},
    {"53100", ERR_STORE_LOST,     false},
    {"53200", ERR_STORE_LOST,     false},
    {"53300", ERR_STORE_LOST,     false},
    {"58030", ERR_STORE_LOST,     false},
    {"25006", ERR_STORE_LOST,     true },
    {"25P03", ERR_STORE_LOST,     true },
    {"26000", ERR_STORE_LOST,     true },
    {"25001", ERR_STORE,          false},
    {"0A000", ERR_STORE_UNFIT,    true },
    {"28000", ERR_STORE_UNFIT,    false},
    {"3D000", ERR_STORE_UNFIT,    false},
    {"3F000", ERR_STORE_UNFIT,    false},
    {"42P01", ERR_STORE_UNFIT,    false},
    {"42501", ERR_STORE_UNFIT,    false},
    {"F0000", ERR_STORE_UNFIT,    false},
    {"XX001", ERR_STORE_UNFIT,    false},
    {"XX002", ERR_STORE_UNFIT,    false},
    {"XX000", ERR_STORE,          false},
    {"22003", ERR_STORE,          false},
    {"23505", ERR_STORE,          false},
    {"23514", ERR_STORE,          false},
    {"54000", ERR_STORE,          false},
    {"P0001", ERR_STORE,          false},
};

static void
every_sqlstate_says_whose_fault_it_is(void **state)
{
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        struct str sql =
            str_format(bench->arena, "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%s'; END $$",
                       states[i].state);
        EXPECT(store_script(bench->store, sql.data, &bench->fault) == states[i].want,
               states[i].state);
        EXPECT(strcmp(store_sqlstate(bench->store), states[i].state) == 0, states[i].state);
        EXPECT(store_is_open(bench->store) == !states[i].closed, states[i].state);
        EXPECT(!states[i].closed || store_reopen(bench->store, &bench->fault) == ERR_OK,
               states[i].state);
    }
}

/* As after a failover: the connection stands, and its server takes no writes any more. */
static void
a_server_that_has_become_a_standby_is_left(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(
        store_script(bench->store, "SET default_transaction_read_only = on", &bench->fault),
        ERR_OK);
    assert_int_equal(
        store_script(bench->store, "INSERT INTO public.thing VALUES (1, 1)", &bench->fault),
        ERR_STORE_LOST);
    assert_false(store_is_open(bench->store));
    assert_int_equal(store_reopen(bench->store, &bench->fault), ERR_OK);
    assert_int_equal(
        store_script(bench->store, "INSERT INTO public.thing VALUES (1, 1)", &bench->fault),
        ERR_OK);
}

static void
a_statement_that_takes_too_long_is_given_up_and_the_connection_kept(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(store_script(bench->store, "SET statement_timeout = 10", &bench->fault),
                     ERR_OK);
    assert_int_equal(store_script(bench->store, "SELECT pg_sleep(60)", &bench->fault),
                     ERR_STORE_LOST);
    assert_string_equal(store_sqlstate(bench->store), "57014");
    assert_true(store_is_open(bench->store));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(every_kind_of_value_comes_back_as_it_went),
        TEST(arrays_keep_order_and_nulls_also_when_empty),
        TEST(statement_is_prepared_once_and_again_after_reopening),
        TEST(more_statements_than_are_kept_prepared_still_run),
        TEST(rows_are_found_by_their_keys_in_a_table_measured_empty),
        TEST(refusal_is_told_by_its_kind_and_without_values),
        TEST(commit_keeps_and_rollback_forgets),
        TEST(commit_of_a_failed_transaction_is_no_success),
        TEST(lock_that_is_held_is_a_conflict),
        TEST(connection_that_the_server_ends_is_lost_and_can_be_opened_again),
        TEST(server_killed_between_statement_and_commit_is_uncertain_and_has_nothing),
        TEST(death_during_commit_is_uncertain),
        TEST(server_that_may_lose_commits_is_refused),
        TEST(server_without_fsync_is_refused),
        TEST(address_that_leads_nowhere_is_refused),
        TEST(full_arena_is_told_and_the_connection_stays_good),
        TEST(settings_of_a_session_are_those_of_its_role),
        TEST(every_sqlstate_says_whose_fault_it_is),
        TEST(a_server_that_has_become_a_standby_is_left),
        TEST(a_statement_that_takes_too_long_is_given_up_and_the_connection_kept),
#undef TEST
    };

    return cmocka_run_group_tests(tests, start, stop);
}
