#include "gateway/store/store.h"
#include "tests/support/cluster.h"

#include <string.h>
#include <time.h>

/*
 * The store beside its floor: a round trip of a prepared statement, a commit, and rows into
 * intake.line by COPY BINARY, as brama_writer on a durable cluster; the yardstick copies the same
 * rows within the server (INSERT ... SELECT), which pays for the same pages and no transport.
 */
enum { ROUNDS = 5000, COMMITS = 500, CODES = 4, AMOUNTS = 11 };

static struct arena *arena;
static struct store *store;
static struct fault  fault;

static double
seconds(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
must(enum err got)
{
    if (got != ERR_OK) {
        (void)fprintf(stderr, "bench_store: %s\n", fault.text);
        abort();
    }
}

static void
measure_round_trip(void)
{
    struct arena           *small = arena_create((size_t)64 << 20U);
    struct store_parameters parameters = store_parameters_create(small);
    struct store_rows       rows = {0};

    store_put_number(&parameters, 1);
    double from = seconds();
    for (int i = 0; i < ROUNDS; i++) {
        must(store_run(store, "SELECT $1", &parameters, small, &rows, &fault));
    }
    (void)printf("round trip of a prepared statement  %8.1f us\n",
                 (seconds() - from) / ROUNDS * 1e6);
    arena_destroy(small);
}

static void
copy_rows(int64_t report, int count)
{
    static const char  target[] = "intake.line (report, period_end, ordinal, c1, c2, c3, c4,"
                                  " a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11)";
    struct arena      *small = arena_create((size_t)1 << 20U);
    struct store_copy *copy = NULL;

    must(store_copy_begin(store, small, target, 3 + CODES + AMOUNTS, &copy, &fault));
    for (int row = 0; row < count; row++) {
        store_copy_row(copy);
        store_copy_number(copy, report);
        store_copy_date(copy, (struct date){2026, 6, 30});
        store_copy_integer(copy, row);
        store_copy_text(copy, STR("801"));
        store_copy_text(copy, STR("80101"));
        store_copy_text(copy, STR("069"));
        store_copy_text(copy, STR("0"));
        for (int64_t amount = 0; amount < AMOUNTS; amount++) {
            if (amount % 3 == 2) {
                store_copy_null(copy);
            } else {
                store_copy_number(copy, (int64_t)row * 1000 + amount);
            }
        }
    }
    must(store_copy_end(copy, &fault));
    arena_destroy(small);
}

static void
measure_copy(int count, int transactions)
{
    double from = seconds();

    for (int i = 0; i < transactions; i++) {
        must(store_begin(store, &fault));
        copy_rows(i + 1, count);
        must(store_commit(store, &fault));
    }
    double took = seconds() - from;
    (void)printf("COPY BINARY, %6d rows a commit    %8.0f rows/s, %7.2f ms a commit\n", count,
                 (double)count * transactions / took, took / transactions * 1e3);
}

static void
measure_yardstick(struct cluster *cluster)
{
    enum { ROWS = 100000 };
    char   sql[600];
    double from = 0;

    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO intake.line (report, period_end, ordinal, c1, c2, c3, c4, a1, a2, a4,"
        " a5, a7, a8, a10, a11) SELECT 1, '2026-06-30', o, '801', '80101', '069', '0',"
        " o * 1000, o * 1000 + 1, o * 1000 + 3, o * 1000 + 4, o * 1000 + 6,"
        " o * 1000 + 7, o * 1000 + 9, o * 1000 + 10 FROM generate_series(1, %d) o",
        ROWS);
    from = seconds();
    cluster_run(cluster, "bench", sql);
    (void)printf("yardstick: the server alone         %8.0f rows/s\n", ROWS / (seconds() - from));
}

int
main(void)
{
    struct cluster      *cluster = cluster_start(CLUSTER_DURABLE);
    struct store_address address = cluster_database(cluster, "bench");

    arena = arena_create((size_t)64 << 20U);
    must(store_open(arena, &address, STORE_WRITER, &store, &fault));
    measure_round_trip();
    measure_copy(1, COMMITS);
    measure_copy(50, COMMITS);
    measure_copy(1000, 100);
    measure_copy(3200, 50); /* 64 reports of 50 rows */
    measure_copy(100000, 3);
    measure_yardstick(cluster);
    arena_destroy(arena);
    cluster_stop(cluster);
    return 0;
}
