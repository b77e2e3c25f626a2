/*
 * What each step of judging a package costs, beside a memory scan of the same bytes and beside
 * whole programs that read the same file.
 *
 * Usage: bench_stages BUNDLE KEYS UNITS ROWS FILE [PROGRAM ARGUMENT...] [-- PROGRAM ARGUMENT...]...
 *
 * Makes a package of UNITS units with one Rb-28s of ROWS rows each, signed twice, and writes it to
 * FILE (which the programs then read), with the keys of the folder KEYS. Every step and every
 * program takes its turn in each round; medians of CPU time are printed, a step's including the
 * steps before it. A package beyond the limit of 16 MiB is read with the limit raised.
 */
#include "tests/support/maker.h"
#include "validators/catalogue/catalogue.h"
#include "validators/document/document.h"
#include "validators/prescan/prescan.h"
#include "validators/rules/rules.h"
#include "validators/signature/signature.h"
#include "validators/xml/guard.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 51, RUNS_MIN = 5, PROGRAMS_MAX = 4, SECONDS_MAX = 20, LIMIT_RAISED = 10 };

enum step {
    STEP_SCAN, /* memchr over the bytes: what merely looking at them costs */
    STEP_PRESCAN,
    STEP_DOCUMENT,
    STEP_RULES,
    STEP_SIGNATURES,
    STEP_COUNT
};

static const char *const step_names[STEP_COUNT] = {"memchr", "prescan", "+ parse, XSD, columns",
                                                   "+ rules", "+ signatures"};

/* CPU seconds of one step or program, round by round. */
struct series {
    double seconds[RUNS_MAX];
};

struct bench {
    struct arena                  *arena; /* of what is loaded once */
    struct bundle                  bundle;
    const struct catalogue        *catalogue;
    const struct document_schemas *schemas;
    const struct rules            *rules;
    struct signature_trust        *trust;
    struct str                     package;
    moment                         at;
    struct series                  steps[STEP_COUNT];
    char                         **programs[PROGRAMS_MAX];
    struct series                  program_series[PROGRAMS_MAX];
    size_t                         program_count;
    size_t                         runs;
    size_t                         finding_count;
    size_t                         report_count;
    size_t                         row_count;
    size_t                         columns_size; /* bytes that rows take in columns */
    size_t                         read_size;    /* bytes of the arena after the pass */
};

static double
cpu_seconds(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A failure of the benchmark itself ends it. */
static void
need(enum err got, const struct fault *fault)
{
    if (got != ERR_OK) {
        (void)fprintf(stderr, "bench_stages: %s: %s\n", err_name(got), fault->text);
        exit(1);
    }
}

static struct str
read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    (void)fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    ENSURE(size >= 0);
    char *data = ARENA_NEW(arena, char, (size_t)size + 1);
    ENSURE(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
    (void)fclose(file);
    return (struct str){data, (size_t)size};
}

static void
write_file(const char *path, struct str bytes)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    ENSURE(fwrite(bytes.data, 1, bytes.size, file) == bytes.size);
    ENSURE(fclose(file) == 0);
}

static void
load(struct bench *bench, const char *bundle_path)
{
    struct fault fault = {0};

    guard_initialise();
    signature_warm_up();
    need(bundle_parse(bench->arena, read_file(bench->arena, bundle_path), &bench->bundle, &fault),
         &fault);
    need(catalogue_load(bench->arena, &bench->bundle, &bench->catalogue, &fault), &fault);
    need(document_schemas_compile(bench->arena, bench->catalogue, &bench->schemas, &fault), &fault);
    need(rules_compile(bench->arena, bench->catalogue, &bench->rules, &fault), &fault);
    ENSURE(moment_parse_when(STR("2026-07-24"), &bench->at));
}

static void
make_package(struct bench *bench, const char *keys, const struct maker_options *options,
             const char *path)
{
    struct authority *authority = NULL;
    struct fault      fault = {0};
    struct str        pem = {0};

    need(authority_open(bench->arena, keys, &authority, &fault), &fault);
    need(authority_pem(bench->arena, authority, AUTHORITY_CA, &pem, &fault), &fault);
    need(signature_trust_parse(bench->arena, pem, &bench->trust, &fault), &fault);
    need(maker_package(bench->arena, options, authority, &bench->package, &fault), &fault);
    write_file(path, bench->package);
}

static size_t
count_less(struct str text)
{
    const char *at = text.data;
    const char *end = text.data + text.size;
    size_t      count = 0;

    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

static void
run_rules(struct bench *bench, struct arena *arena, const struct package *package,
          struct findings *findings)
{
    struct rules_request request = {.catalogue = bench->catalogue,
                                    .rules = bench->rules,
                                    .package = package,
                                    .environment = ENVIRONMENT_TEST,
                                    .trust_given = true,
                                    .at = bench->at};
    struct rules_tally   tally = {0};
    struct fault         fault = {0};

    need(rules_package(arena, &request, findings, &fault), &fault);
    for (size_t i = 0; i < package->report_count; i++) {
        need(rules_report(arena, &request, (uint32_t)i, findings, &tally, &fault), &fault);
    }
}

static void
weigh(struct bench *bench, const struct package *package)
{
    bench->report_count = package->report_count;
    bench->row_count = 0;
    bench->columns_size = 0;
    for (size_t i = 0; i < package->report_count; i++) {
        const struct columns *columns = &package->reports[i].columns;
        size_t row = sizeof(uint32_t) + columns->code_count * (2 * sizeof(uint32_t) + 1)
                     + columns->amount_count * (sizeof(int64_t) + sizeof(uint32_t) + 1);
        bench->row_count += columns->row_count;
        bench->columns_size += columns->row_count * row;
    }
}

/* One round of the steps; times are taken from the same beginning, so each includes the former. */
static void
run_steps(struct bench *bench, size_t round)
{
    struct prescan_limits limits = prescan_limits_default;
    struct prescan_result prescanned = {0};
    struct package        package = {0};
    struct fault          fault = {0};

    double start = cpu_seconds();
    ENSURE(count_less(bench->package) > 0);
    bench->steps[STEP_SCAN].seconds[round] = cpu_seconds() - start;

    if (bench->package.size > limits.bytes_max) {
        limits.bytes_max *= LIMIT_RAISED;
    }
    struct arena    *arena = arena_create((size_t)4 << 30U);
    struct findings *findings = findings_create(arena);
    start = cpu_seconds();
    need(prescan_check(arena, bench->package, &limits, &prescanned, &fault), &fault);
    ENSURE(!prescanned.refused);
    bench->steps[STEP_PRESCAN].seconds[round] = cpu_seconds() - start;
    need(document_read(arena, bench->package, bench->catalogue, bench->schemas, &package, findings,
                       &fault),
         &fault);
    ENSURE(package.complete);
    bench->steps[STEP_DOCUMENT].seconds[round] = cpu_seconds() - start;
    bench->read_size = arena_used(arena);
    run_rules(bench, arena, &package, findings);
    bench->steps[STEP_RULES].seconds[round] = cpu_seconds() - start;
    struct signature_request request = {.bytes = bench->package,
                                        .package = &package,
                                        .policy = &bench->catalogue->policy,
                                        .trust = bench->trust,
                                        .at = bench->at};
    need(signature_check(arena, &request, findings, &fault), &fault);
    bench->steps[STEP_SIGNATURES].seconds[round] = cpu_seconds() - start;
    bench->finding_count = findings_count(findings);
    weigh(bench, &package);
    arena_destroy(arena);
}

/* CPU seconds of a whole program; what it prints is thrown away. */
static double
run_program(char *const *words)
{
    posix_spawn_file_actions_t actions;
    pid_t                      child = 0;
    int                        status = 0;
    struct rusage              usage = {0};

    ENSURE(posix_spawn_file_actions_init(&actions) == 0);
    ENSURE(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) == 0);
    ENSURE(posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0);
    if (posix_spawnp(&child, words[0], &actions, NULL, words, environ) != 0) {
        (void)fprintf(stderr, "bench_stages: cannot start %s\n", words[0]);
        exit(1);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    ENSURE(wait4(child, &status, 0, &usage) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        (void)fprintf(stderr, "bench_stages: %s ended with status %d\n", words[0], status);
        exit(1);
    }
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
run_rounds(struct bench *bench)
{
    time_t start = time(NULL);

    while (bench->runs < RUNS_MAX && (bench->runs < RUNS_MIN || time(NULL) - start < SECONDS_MAX)) {
        run_steps(bench, bench->runs);
        for (size_t i = 0; i < bench->program_count; i++) {
            bench->program_series[i].seconds[bench->runs] = run_program(bench->programs[i]);
        }
        bench->runs++;
    }
}

static int
compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static double
median(struct series *series, size_t runs)
{
    qsort(series->seconds, runs, sizeof series->seconds[0], compare);
    return series->seconds[runs / 2];
}

static void
print_line(const struct bench *bench, const char *name, double seconds)
{
    (void)printf("  %-28s %9.3f ms %9.1f MB/s %11.1f us/report\n", name, seconds * 1e3,
                 (double)bench->package.size / 1e6 / seconds,
                 seconds * 1e6 / (double)bench->report_count);
}

/* Rules of the form that are VTL. */
static size_t
count_vtl_rules(const struct catalogue *catalogue)
{
    size_t count = 0;

    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        count += str_starts_with(entry->code, STR("RB28S-")) && entry->check.size == 0 ? 1 : 0;
    }
    return count;
}

static void
print(struct bench *bench)
{
    double medians[STEP_COUNT];

    (void)printf("%zu reports, %zu rows, %.2f MB, %zu rounds, %zu findings\n", bench->report_count,
                 bench->row_count, (double)bench->package.size / 1e6, bench->runs,
                 bench->finding_count);
    for (size_t i = 0; i < STEP_COUNT; i++) {
        medians[i] = median(&bench->steps[i], bench->runs);
        print_line(bench, step_names[i], medians[i]);
    }
    for (size_t i = 0; i < bench->program_count; i++) {
        double seconds = median(&bench->program_series[i], bench->runs);
        print_line(bench, bench->programs[i][0], seconds);
        (void)printf("    steps to \"+ rules\" / this program: %.2f\n",
                     medians[STEP_RULES] / seconds);
    }
    (void)printf("  rules and structural checks: %.1f ns a row, all together (%zu VTL rules)\n",
                 (medians[STEP_RULES] - medians[STEP_DOCUMENT]) * 1e9 / (double)bench->row_count,
                 count_vtl_rules(bench->catalogue));
    (void)printf("  memory of the pass: %.2f MiB beyond %.2f MiB of columns\n",
                 ((double)bench->read_size - (double)bench->columns_size) / 1048576,
                 (double)bench->columns_size / 1048576);
}

int
main(int argc, char **argv)
{
    struct bench *bench = calloc(1, sizeof *bench);

    if (argc < 6 || bench == NULL) {
        (void)fprintf(stderr,
                      "usage: bench_stages BUNDLE KEYS UNITS ROWS FILE [PROGRAM...] [-- ...]\n");
        return 2;
    }
    for (int i = 6; i < argc; i++) {
        if (i == 6 || argv[i - 1] == NULL) {
            ENSURE(bench->program_count < PROGRAMS_MAX);
            bench->programs[bench->program_count++] = &argv[i];
        }
        if (strcmp(argv[i], "--") == 0) {
            argv[i] = NULL;
        }
    }
    bench->arena = arena_create((size_t)6 << 30U);
    load(bench, argv[1]);
    struct maker_options options = {.seed = 1,
                                    .units = strtoul(argv[3], NULL, 10),
                                    .rows = strtoul(argv[4], NULL, 10),
                                    .forms = MAKER_RB28S};
    make_package(bench, argv[2], &options, argv[5]);
    run_rounds(bench);
    print(bench);
    arena_destroy(bench->arena);
    free(bench);
    return 0;
}
