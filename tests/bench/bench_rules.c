/*
 * What the rules of a report cost as a whole: a hundred of them over 3,000 rows and over twice as
 * many, the compiling of all rules of the catalogue, and the same rule as a prepared statement of
 * PostgreSQL over staged bigint rows, in the same run. PostgreSQL counts rows that break the rule
 * in a loop on the server, so that no exchange is counted, and CPU is read on both sides. Prints
 * lines of: name value unit.
 */
#include "gateway/definitions/definitions.h"
#include "tests/support/cluster.h"
#include "validators/base/buf.h"
#include "validators/rules/rules.h"
#include "validators/vtl/vtl.h"

#include <time.h>

enum {
    ROWS = 3000,
    GROUPS = 12,
    PARTS = 4,
    COMPONENTS = GROUPS * PARTS,
    RULES = 100,
    RUNS = 21,
    REPEATS = 10,
    SERVER_RUNS = 3000,
    TICK_NS = 10000000,
};

static const char *const parts[PARTS] = {"NA", "PO", "DW", "NO"};
static const int64_t     fixed[PARTS] = {0, 100, 200, 0};

static int64_t numbers[PARTS][2 * ROWS];
static uint8_t present[2 * ROWS];

static void
need(enum err got, const struct fault *fault)
{
    if (got != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault->text);
        exit(2);
    }
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Insertion sort, then the middle. */
static double
median(int64_t *times, size_t count)
{
    const size_t middle = count / 2;

    for (size_t i = 1; i < count; i++) {
        for (size_t at = i; at > 0 && times[at - 1] > times[at]; at--) {
            int64_t moved = times[at];
            times[at] = times[at - 1];
            times[at - 1] = moved;
        }
    }
    return (double)times[middle];
}

/* Rules that read four columns each, of which no two read the same four. */
static struct vtl_plan *
compile(struct arena *arena, struct vtl_component *components)
{
    struct buf         buf = buf_create(arena, 1 << 20);
    struct vtl_script *script = NULL;
    struct vtl_plan   *plan = NULL;
    struct vtl_problem problem = {0};
    struct vtl_binding binding = {
        .ruleset = STR("R"), .structure = {components, COMPONENTS}
    };
    struct fault fault = {0};

    buf_append(&buf, STR("define datapoint ruleset R (variable "));
    for (size_t i = 0; i < COMPONENTS; i++) {
        components[i] =
            (struct vtl_component){.name = str_format(arena, "%s%zu", parts[i % PARTS], i / PARTS),
                                   .type = VTL_NUMBER,
                                   .scale = 2};
        buf_format(&buf, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(components[i].name));
    }
    buf_append(&buf, STR(") is "));
    for (size_t i = 0; i < RULES; i++) {
        buf_format(&buf, "%sR%zu: NA%zu - PO%zu - DW%zu <= NO%zu + %zu", i == 0 ? "" : "; ", i,
                   i % GROUPS, (i / GROUPS) % GROUPS, (i + 1) % GROUPS, (i / GROUPS + 3) % GROUPS,
                   i);
    }
    buf_append(&buf, STR(" end datapoint ruleset;"));
    need(vtl_parse(arena, buf_str(&buf), &script, &problem, &fault), &fault);
    need(vtl_bind(arena, script, &binding, &plan, &problem, &fault), &fault);
    return plan;
}

/* Nanoseconds of one run of all rules, warm. */
static double
run_rules(const struct vtl_plan *plan, size_t row_count)
{
    static const struct vtl_options options = {.row_max = 100};
    static struct vtl_rule_result   results[RULES];
    struct vtl_column               columns[COMPONENTS];
    struct vtl_data                 data = {.row_count = row_count, .columns = columns};
    int64_t                         times[RUNS];

    for (size_t i = 0; i < COMPONENTS; i++) {
        columns[i] = (struct vtl_column){.values = numbers[i % PARTS], .states = present};
    }
    for (size_t i = 0; i < RUNS; i++) {
        int64_t start = cpu_ns();
        for (size_t j = 0; j < REPEATS; j++) {
            struct arena *scratch = arena_create((size_t)16 * 1024 * 1024);
            ENSURE(vtl_run(scratch, plan, &data, &options, results, NULL) == ERR_OK);
            ENSURE(results[RULES - 1].count[VTL_TRUE] == row_count);
            arena_destroy(scratch);
        }
        times[i] = (cpu_ns() - start) / REPEATS;
    }
    return median(times, RUNS);
}

/* Nanoseconds of compiling all rules of the bundle that is built in. */
static double
compile_catalogue(void)
{
    int64_t times[RUNS];

    for (size_t i = 0; i < RUNS; i++) {
        struct arena           *arena = arena_create((size_t)1 << 30);
        const struct catalogue *catalogue = NULL;
        const struct rules     *rules = NULL;
        struct fault            fault = {0};

        need(definitions_catalogue(arena, NULL, &catalogue, &fault), &fault);
        int64_t start = cpu_ns();
        need(rules_compile(arena, catalogue, &rules, &fault), &fault);
        times[i] = cpu_ns() - start;
        arena_destroy(arena);
    }
    return median(times, RUNS);
}

/* Nanoseconds of CPU of one rule over the same rows, in PostgreSQL. */
static double
run_server(struct arena *arena)
{
    struct cluster *cluster = cluster_start(CLUSTER_FAST);
    int64_t         ticks = 0;

    cluster_run(cluster, "postgres",
                "CREATE TABLE staged (na bigint, po bigint, dw bigint, no bigint);"
                "INSERT INTO staged SELECT i * 100 + 50, 100, 200, i * 100 + 50"
                " FROM generate_series(0, 2999) i;");
    cluster_run(cluster, "postgres", "VACUUM ANALYZE staged");
    cluster_run(cluster, "postgres",
                "CREATE FUNCTION ticks() RETURNS bigint LANGUAGE sql AS $$ SELECT"
                " (string_to_array(pg_read_file('/proc/self/stat'), ' '))[14]::bigint"
                " + (string_to_array(pg_read_file('/proc/self/stat'), ' '))[15]::bigint $$;"
                "CREATE FUNCTION run(n int) RETURNS bigint LANGUAGE plpgsql AS $$"
                " DECLARE begun bigint := ticks(); BEGIN FOR i IN 1 .. n LOOP"
                " PERFORM count(*) FROM staged WHERE NOT (na - po - dw <= no + 700);"
                " END LOOP; RETURN ticks() - begun; END $$;");
    struct str said =
        cluster_ask(cluster, arena, "postgres",
                    str_format(arena, "SET jit = off; SELECT run(%d)", SERVER_RUNS).data);
    ENSURE(str_to_number(said, &ticks));
    cluster_stop(cluster);
    return (double)ticks * TICK_NS / SERVER_RUNS;
}

int
main(void)
{
    struct arena               *arena = arena_create((size_t)256 * 1024 * 1024);
    static struct vtl_component components[COMPONENTS];
    struct vtl_plan            *plan = compile(arena, components);

    for (size_t row = 0; row < (size_t)2 * ROWS; row++) {
        present[row] = VTL_CELL_PRESENT;
        for (size_t part = 0; part < PARTS; part++) {
            numbers[part][row] = fixed[part] == 0 ? (int64_t)(row * 100 + 50) : fixed[part];
        }
    }
    double once = run_rules(plan, ROWS);
    double twice = run_rules(plan, (size_t)2 * ROWS);
    double server = run_server(arena);
    (void)printf("rules_100_over_3000_rows %.3f ms\n", once / 1e6);
    (void)printf("rules_100_per_row_and_rule %.2f ns\n", once / ((double)ROWS * RULES));
    (void)printf("rules_100_twice_the_rows %.2f times\n", twice / once);
    (void)printf("rules_postgresql_one_rule %.3f ms\n", server / 1e6);
    (void)printf("rules_postgresql_over_ours %.0f times\n", server / (once / RULES));
    (void)printf("rules_catalogue_compiles %.1f ms\n", compile_catalogue() / 1e6);
    arena_destroy(arena);
    return 0;
}
