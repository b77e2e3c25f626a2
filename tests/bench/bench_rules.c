/*
 * What the rules of a report cost as a whole: a hundred of them over 3,000 rows and over twice as
 * many, one of them alone with everything that a run needs, and the compiling of all rules of the
 * catalogue, those between reports apart. Beside it the same rules in PostgreSQL over staged bigint
 * rows, in the same run: in loops on the server (prepared there, no exchange is counted, its CPU is
 * read), one of them and a hundred as a statement each; and one as a client's prepared statement,
 * elapsed. The least of the runs counts. Prints lines of: name value unit.
 */
#include "gateway/definitions/definitions.h"
#include "gateway/store/store.h"
#include "tests/support/cluster.h"
#include "validators/base/buf.h"
#include "validators/rules/rules.h"
#include "validators/sets/sets.h"
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
    SERVER_LOOPS = 5,
    SERVER_RULES = 1000, /* of a loop */
    EXCHANGES = 300,
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

static int64_t
elapsed_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Rules that read four columns each, of which no two read the same four. */
static struct vtl_plan *
compile(struct arena *arena, struct vtl_component *components, size_t count)
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
    for (size_t i = 0; i < count; i++) {
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
    int64_t                         least = INT64_MAX;

    for (size_t i = 0; i < COMPONENTS; i++) {
        columns[i] = (struct vtl_column){.values = numbers[i % PARTS], .states = present};
    }
    for (size_t i = 0; i < RUNS; i++) {
        int64_t start = cpu_ns();
        for (size_t j = 0; j < REPEATS; j++) {
            struct arena *scratch = arena_create((size_t)16 * 1024 * 1024);
            ENSURE(vtl_run(scratch, plan, &data, &options, results, NULL) == ERR_OK);
            ENSURE(results[vtl_rule_count(plan) - 1].count[VTL_TRUE] == row_count);
            arena_destroy(scratch);
        }
        int64_t took = (cpu_ns() - start) / REPEATS;
        least = took < least ? took : least;
    }
    return (double)least;
}

/* Nanoseconds of compiling all rules of the bundle that is built in: of reports, between reports.
 */
static void
compile_catalogue(int64_t *of_reports, int64_t *of_sets)
{
    *of_reports = INT64_MAX;
    *of_sets = INT64_MAX;
    for (size_t i = 0; i < RUNS; i++) {
        struct arena           *arena = arena_create((size_t)1 << 30);
        const struct catalogue *catalogue = NULL;
        const struct rules     *rules = NULL;
        const struct sets      *sets = NULL;
        struct fault            fault = {0};

        need(definitions_catalogue(arena, NULL, &catalogue, &fault), &fault);
        int64_t start = cpu_ns();
        need(rules_compile(arena, catalogue, &rules, &fault), &fault);
        int64_t middle = cpu_ns();
        need(sets_compile(arena, catalogue, &sets, &fault), &fault);
        int64_t end = cpu_ns();
        *of_reports = middle - start < *of_reports ? middle - start : *of_reports;
        *of_sets = end - middle < *of_sets ? end - middle : *of_sets;
        arena_destroy(arena);
    }
}

/* The rows of our runs, and functions that say what n rounds over them have cost, in ticks. */
static void
stage(struct arena *arena, struct cluster *cluster)
{
    struct buf text = buf_create(arena, 1 << 20);

    cluster_run(cluster, "bench",
                "CREATE TABLE staged (na bigint, po bigint, dw bigint, no bigint);"
                "INSERT INTO staged SELECT i * 100 + 50, 100, 200, i * 100 + 50"
                " FROM generate_series(0, 2999) i;"
                "GRANT SELECT ON staged TO brama_writer;"
                "CREATE FUNCTION ticks() RETURNS bigint LANGUAGE sql AS $$ SELECT"
                " (string_to_array(pg_read_file('/proc/self/stat'), ' '))[14]::bigint"
                " + (string_to_array(pg_read_file('/proc/self/stat'), ' '))[15]::bigint $$;");
    cluster_run(cluster, "bench", "VACUUM ANALYZE staged");
    for (size_t count = 1; count <= RULES; count += RULES - 1) {
        buf_format(&text,
                   "CREATE FUNCTION run_%zu(n int) RETURNS bigint LANGUAGE plpgsql AS $$"
                   " DECLARE begun bigint := ticks(); BEGIN FOR i IN 1 .. n LOOP",
                   count);
        for (size_t rule = 0; rule < count; rule++) {
            buf_format(&text, " PERFORM count(*) FROM staged WHERE NOT (na - po - dw <= no + %zu);",
                       rule * 100);
        }
        buf_append(&text, STR(" END LOOP; RETURN ticks() - begun; END $$;"));
    }
    cluster_run(cluster, "bench", buf_str(&text).data);
}

/* Nanoseconds of the server's CPU for each of so many rules, each a statement of its own. */
static double
ask_server(struct arena *arena, struct cluster *cluster, size_t rules)
{
    int64_t least = INT64_MAX;

    for (size_t i = 0; i < SERVER_LOOPS; i++) {
        int64_t    ticks = 0;
        struct str said = cluster_ask(
            cluster, arena, "bench",
            str_format(arena, "SET jit = off; SELECT run_%zu(%zu)", rules, SERVER_RULES / rules)
                .data);
        ENSURE(str_to_number(said, &ticks));
        least = ticks < least ? ticks : least;
    }
    return (double)least * TICK_NS / SERVER_RULES;
}

/* Nanoseconds, elapsed, of one rule as a client's prepared statement. */
static double
exchange(struct arena *arena, const struct store_address *address)
{
    struct store           *store = NULL;
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct fault            fault = {0};
    int64_t                 least = INT64_MAX;

    store_put_number(&parameters, 700);
    need(store_open(arena, address, STORE_WRITER, &store, &fault), &fault);
    for (size_t i = 0; i < EXCHANGES; i++) {
        int64_t start = elapsed_ns();
        need(store_run(store,
                       "SELECT count(*) FROM public.staged WHERE NOT (na - po - dw <= no + $1)",
                       &parameters, arena, &rows, &fault),
             &fault);
        int64_t took = elapsed_ns() - start;
        least = took < least ? took : least;
    }
    return (double)least;
}

static void
print_server(struct arena *arena, double ours, double alone)
{
    struct cluster      *cluster = cluster_start(CLUSTER_FAST);
    struct store_address address = cluster_database(cluster, "bench");

    stage(arena, cluster);
    double one = ask_server(arena, cluster, 1);
    double hundred = ask_server(arena, cluster, RULES);
    double whole = exchange(arena, &address);
    cluster_stop(cluster);
    (void)printf("rules_postgresql_one_rule %.1f us\n", one / 1e3);
    (void)printf("rules_postgresql_each_of_100 %.1f us\n", hundred / 1e3);
    (void)printf("rules_postgresql_exchange %.1f us\n", whole / 1e3);
    (void)printf("rules_100_postgresql_over_ours %.0f times\n", hundred / (ours / RULES));
    (void)printf("rules_one_postgresql_over_ours %.0f times\n", one / alone);
    (void)printf("rules_one_exchange_over_ours %.0f times\n", whole / alone);
}

int
main(void)
{
    struct arena               *arena = arena_create((size_t)256 * 1024 * 1024);
    static struct vtl_component components[COMPONENTS];
    struct vtl_plan            *plan = compile(arena, components, RULES);
    struct vtl_plan            *single = compile(arena, components, 1);
    int64_t                     of_reports = 0;
    int64_t                     of_sets = 0;

    for (size_t row = 0; row < (size_t)2 * ROWS; row++) {
        present[row] = VTL_CELL_PRESENT;
        for (size_t part = 0; part < PARTS; part++) {
            numbers[part][row] = fixed[part] == 0 ? (int64_t)(row * 100 + 50) : fixed[part];
        }
    }
    arena_keep_memory(); /* as the programs do */
    double once = run_rules(plan, ROWS);
    double twice = run_rules(plan, (size_t)2 * ROWS);
    double alone = run_rules(single, ROWS);
    (void)printf("rules_100_over_3000_rows %.3f ms\n", once / 1e6);
    (void)printf("rules_100_per_row_and_rule %.2f ns\n", once / ((double)ROWS * RULES));
    (void)printf("rules_100_twice_the_rows %.2f times\n", twice / once);
    (void)printf("rules_one_over_3000_rows %.1f us\n", alone / 1e3);
    print_server(arena, once, alone);
    compile_catalogue(&of_reports, &of_sets);
    (void)printf("rules_catalogue_compiles %.1f ms\n", (double)(of_reports + of_sets) / 1e6);
    (void)printf("rules_catalogue_of_reports %.1f ms\n", (double)of_reports / 1e6);
    (void)printf("rules_catalogue_between_reports %.1f ms\n", (double)of_sets / 1e6);
    arena_destroy(arena);
    return 0;
}
