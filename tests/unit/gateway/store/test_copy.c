#include "gateway/store/store.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>

#define ARENA_MAX ((size_t)128 * 1024 * 1024)

static struct cluster      *cluster;
static struct store_address address;

struct bench {
    struct arena *arena;
    struct store *store;
    struct fault  fault;
};

#define TARGET "public.thing (number, small, big, truth, text, bytes, uuid, at, day)"
enum { COLUMNS = 9 };

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    address = cluster_database(cluster, "copy");
    cluster_run(
        cluster, "copy",
        "CREATE TABLE public.thing (number integer CHECK (number < 1000000), small smallint,"
        " big bigint, truth boolean, text text, bytes bytea, uuid uuid, at timestamptz,"
        " day date); GRANT ALL ON public.thing TO brama_owner");
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
    assert_int_equal(store_begin(bench.store, &bench.fault), ERR_OK);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    arena_destroy(bench->arena);
    cluster_run(cluster, "copy", "TRUNCATE public.thing");
    return 0;
}

static struct store_copy *
begin(struct bench *bench)
{
    struct store_copy *copy = NULL;

    assert_int_equal(
        store_copy_begin(bench->store, bench->arena, TARGET, COLUMNS, &copy, &bench->fault),
        ERR_OK);
    return copy;
}

static void
write_row(struct store_copy *copy, int32_t number, struct str text, struct str bytes)
{
    store_copy_row(copy);
    store_copy_integer(copy, number);
    store_copy_small(copy, -3);
    store_copy_number(copy, INT64_MIN);
    store_copy_truth(copy, true);
    store_copy_text(copy, text);
    store_copy_bytes(copy, bytes);
    store_copy_uuid(copy, (struct uuid){
                              {0xAB, 1}
    });
    store_copy_instant(copy, INT64_C(1783666800000001));
    store_copy_date(copy, (struct date){1900, 1, 1});
}

static struct str
ask(struct bench *bench, const char *sql)
{
    return cluster_ask(cluster, bench->arena, "copy", sql);
}

static void
every_kind_of_value_arrives(void **state)
{
    struct bench      *bench = *state;
    struct store_copy *copy = begin(bench);

    write_row(copy, -1, STR("zażółć\t\\N"), STR("\0\1"));
    write_row(copy, 2, STR(""), STR(""));
    write_row(copy, 3, (struct str){0}, (struct str){0});
    store_copy_row(copy);
    for (int i = 0; i < COLUMNS; i++) {
        store_copy_null(copy);
    }
    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_OK);
    assert_int_equal(store_commit(bench->store, &bench->fault), ERR_OK);
    assert_true(str_equal(
        ask(bench, "SELECT concat_ws('|', small, big, truth, text, bytes, uuid, at AT TIME ZONE"
                   " 'UTC', day) FROM public.thing WHERE number = -1"),
        STR("-3|-9223372036854775808|t|zażółć\t\\N|\\x0001|ab010000-0000-0000-0000-000000000000|"
            "2026-07-10 07:00:00.000001|1900-01-01")));
    assert_true(str_equal(ask(bench, "SELECT text = '' AND bytes = '' FROM public.thing"
                                     " WHERE number = 2"),
                          STR("t")));
    assert_true(str_equal(ask(bench, "SELECT text IS NULL AND bytes IS NULL FROM public.thing"
                                     " WHERE number = 3"),
                          STR("t")));
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM public.thing"
                                     " WHERE num_nonnulls(number, small, big, day) = 0"),
                          STR("1")));
}

static void
no_rows_are_none_and_many_are_all(void **state)
{
    enum { MANY = 20000 };
    struct bench      *bench = *state;
    struct store_copy *copy = begin(bench);

    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_OK);
    copy = begin(bench);
    for (int32_t i = 0; i < MANY; i++) {
        write_row(copy, i, STR("text"), STR("bytes"));
    }
    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_OK);
    assert_int_equal(store_commit(bench->store, &bench->fault), ERR_OK);
    assert_true(str_equal(ask(bench, "SELECT count(*) || ' ' || sum(number) FROM public.thing"),
                          STR("20000 199990000")));
}

/* Around the size of the chunk that is sent at once, and far above it. */
static void
value_of_any_size_arrives_whole(void **state)
{
    static const size_t sizes[] = {131067, 131068, 131069, 131072, 131073, 262144, 16777216};
    struct bench       *bench = *state;
    char               *bytes = ARENA_NEW(bench->arena, char, 16777216);
    struct store_copy  *copy = begin(bench);

    for (size_t i = 0; i < 16777216; i++) {
        bytes[i] = (char)(i * 31 % 251);
    }
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        write_row(copy, (int32_t)i, STR("x"), (struct str){bytes, sizes[i]});
    }
    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct store_parameters parameters = store_parameters_create(bench->arena);
        struct store_rows       rows = {0};
        store_put_integer(&parameters, (int32_t)i);
        store_put_bytes(&parameters, (struct str){bytes, sizes[i]});
        assert_int_equal(store_run(bench->store,
                                   "SELECT bytes = $2 FROM public.thing WHERE number = $1",
                                   &parameters, bench->arena, &rows, &bench->fault),
                         ERR_OK);
        assert_true(store_truth(&rows, 0, 0));
    }
}

static void
refusal_is_told_at_the_end_without_values(void **state)
{
    struct bench      *bench = *state;
    struct store_copy *copy = begin(bench);

    /* The server refuses the first row while thousands are still on their way. */
    write_row(copy, 1000000, STR("TAJNE"), STR(""));
    for (int32_t i = 0; i < 20000; i++) {
        write_row(copy, i, STR("TAJNE"), STR(""));
    }
    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_STORE);
    assert_string_equal(store_sqlstate(bench->store), "23514");
    assert_null(strstr(bench->fault.text, "TAJNE"));
    assert_null(strstr(bench->fault.text, "1000000"));
    store_rollback(bench->store);
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM public.thing"), STR("0")));
    /* And the connection goes on. */
    assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    copy = begin(bench);
    write_row(copy, 1, STR("x"), STR(""));
    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_OK);
    assert_int_equal(store_commit(bench->store, &bench->fault), ERR_OK);
}

static void
text_that_is_not_utf8_is_refused(void **state)
{
    static const struct str bad[] = {STR_INIT("\xB3"), STR_INIT("a\0b"), STR_INIT("\xED\xA0\x80")};
    struct bench           *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct store_copy *copy = begin(bench);
        write_row(copy, 1, bad[i], STR(""));
        assert_int_equal(store_copy_end(copy, &bench->fault), ERR_STORE);
        assert_string_equal(store_sqlstate(bench->store), "22021");
        store_rollback(bench->store);
        assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    }
}

static void
copy_that_is_left_ends_with_the_rollback(void **state)
{
    struct bench      *bench = *state;
    struct store_copy *copy = begin(bench);
    struct store_rows  rows = {0};

    write_row(copy, 1, STR("x"), STR(""));
    store_copy_row(copy);
    store_copy_integer(copy, 2);
    store_rollback(bench->store);
    assert_true(store_is_open(bench->store));
    assert_int_equal(store_run(bench->store, "SELECT 1", NULL, bench->arena, &rows, &bench->fault),
                     ERR_OK);
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM public.thing"), STR("0")));
}

static void
copy_cannot_begin_where_nothing_can_be_copied(void **state)
{
    static const struct {
        const char *target;
        const char *state;
    } cases[] = {
        {"public.nothing",         "42P01"},
        {"public.thing (nothing)", "42703"},
        {"pg_catalog.pg_authid",   "42501"},
    };
    struct bench      *bench = *state;
    struct store_copy *copy = NULL;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(
            store_copy_begin(bench->store, bench->arena, cases[i].target, 1, &copy, &bench->fault)
                == ERR_STORE_UNFIT,
            cases[i].target);
        EXPECT(strcmp(store_sqlstate(bench->store), cases[i].state) == 0, cases[i].target);
        EXPECT(copy == NULL, cases[i].target);
        store_rollback(bench->store);
        assert_int_equal(store_begin(bench->store, &bench->fault), ERR_OK);
    }
}

static void
connection_lost_within_a_copy_is_told_at_its_end(void **state)
{
    struct bench      *bench = *state;
    struct store_copy *copy = begin(bench);

    write_row(copy, 1, STR("x"), STR(""));
    cluster_run(cluster, "copy",
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE usename = 'brama_owner' AND datname = 'copy'");
    for (int32_t i = 0; i < 20000; i++) {
        write_row(copy, i, STR("text"), STR("bytes"));
    }
    assert_int_equal(store_copy_end(copy, &bench->fault), ERR_STORE_LOST);
    assert_false(store_is_open(bench->store));
    store_rollback(bench->store);
    assert_int_equal(store_reopen(bench->store, &bench->fault), ERR_OK);
    assert_true(str_equal(ask(bench, "SELECT count(*) FROM public.thing"), STR("0")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(every_kind_of_value_arrives),
        TEST(no_rows_are_none_and_many_are_all),
        TEST(value_of_any_size_arrives_whole),
        TEST(refusal_is_told_at_the_end_without_values),
        TEST(text_that_is_not_utf8_is_refused),
        TEST(copy_that_is_left_ends_with_the_rollback),
        TEST(copy_cannot_begin_where_nothing_can_be_copied),
        TEST(connection_lost_within_a_copy_is_told_at_its_end),
#undef TEST
    };

    return cmocka_run_group_tests(tests, start, stop);
}
