/*
 * What the two commits of a submission cost: batches of documents of ROWS rows are admitted and
 * concluded on a private PostgreSQL that syncs to disk, one connection. Usage: bench_intake [BATCH
 * [ROWS [BATCHES]]], default 64 50 20. Medians over the batches of elapsed time, in microseconds
 * per document, step by step; the backend's work is in it, the rest of the gateway is not.
 */
#include "gateway/definitions/definitions.h"
#include "gateway/setbook/setbook.h"
#include "tests/unit/gateway/intake/setting.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCHES_MAX = 1000, BODY_ROW = 160, LEASE_SECONDS = 30, RECEIPT_SIZE = 4000 };

enum step {
    STEP_ADMIT,
    STEP_LOOK,
    STEP_LOCK,
    STEP_CONTEXT,
    STEP_WRITE,
    STEP_HEAD,
    STEP_SETTLE,
    STEP_SETS,
    STEP_FINISH,
    STEP_COMMIT,
    STEP_COUNT
};

static const char *const step_names[] = {"admit (one transaction)",
                                         "queue_look",
                                         "begin and lock",
                                         "context",
                                         "write (lines, findings)",
                                         "head",
                                         "settle",
                                         "sets",
                                         "finish",
                                         "commit"};

struct run {
    struct setting     setting;
    struct definitions definitions;
    size_t             batch;
    size_t             rows;
    size_t             batches;
    int64_t            backend; /* process id */
    double             elapsed[STEP_COUNT][BATCHES_MAX];
    double             cpu[STEP_COUNT][BATCHES_MAX];
};

struct moments {
    double elapsed;
    double cpu;
};

static double
clock_now(clockid_t clock)
{
    struct timespec at = {0};

    ENSURE(clock_gettime(clock, &at) == 0);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

/* Microseconds that a process has run, as the scheduler counts it. */
static double
cpu_of(int64_t process)
{
    char path[64];
    char text[64] = "";

    (void)snprintf(path, sizeof path, "/proc/%lld/schedstat", (long long)process);
    FILE *file = fopen(path, "r");
    ENSURE(file != NULL && fgets(text, sizeof text, file) != NULL);
    ENSURE(fclose(file) == 0);
    return (double)strtoull(text, NULL, 10) / 1e3;
}

static struct moments
read_clocks(const struct run *run)
{
    return (struct moments){clock_now(CLOCK_MONOTONIC),
                            clock_now(CLOCK_PROCESS_CPUTIME_ID) + cpu_of(run->backend)};
}

/* Time since *from goes to the step; the next begins now. */
static void
lap(struct run *run, size_t at, enum step step, struct moments *from)
{
    struct moments now = read_clocks(run);

    run->elapsed[step][at] = now.elapsed - from->elapsed;
    run->cpu[step][at] = now.cpu - from->cpu;
    *from = read_clocks(run);
}

static void
must(enum err failed, const struct fault *fault)
{
    if (failed != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault->text);
        abort();
    }
}

/* Bytes that compress about as a report does. */
static struct str
body_of(const struct setting *setting, size_t rows, size_t number)
{
    struct buf body = buf_create(setting->arena, rows * (BODY_ROW + 100) + 100);

    for (size_t i = 0; i < rows; i++) {
        buf_format(&body,
                   "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf>"
                   "<P4>0</P4><PL>%zu.00</PL><NA>%zu.17</NA><DW>%zu.00</DW></Pozycja>",
                   i * 7919 % 100003 + number, i * 104729 % 65537, i * 31);
    }
    ENSURE(buf_ok(&body));
    return buf_str(&body);
}

static void
admit(struct run *run, size_t at, struct queued *queued)
{
    struct setting        *setting = &run->setting;
    struct arrival         arrivals[QUEUE_TAKE_MAX];
    struct admitted        admitted[QUEUE_TAKE_MAX];
    struct uuid            ids[QUEUE_TAKE_MAX];
    struct admission_batch batch = {
        arrivals, run->batch, {STR("bench/0"), LEASE_SECONDS}
    };
    struct fault fault = {0};

    for (size_t i = 0; i < run->batch; i++) {
        size_t number = at * QUEUE_TAKE_MAX + i + 1;
        arrivals[i] =
            setting_arrival(setting, number, str_format(setting->arena, "bench-%zu", number).data,
                            body_of(setting, run->rows, number));
        ids[i] = arrivals[i].id;
    }
    struct moments from = read_clocks(run);
    must(admission_run(setting->store, setting->arena, &batch, admitted, &fault), &fault);
    lap(run, at, STEP_ADMIT, &from);
    must(queue_look(setting->store, setting->arena, ids, run->batch, queued, &fault), &fault);
    lap(run, at, STEP_LOOK, &from);
}

static void
judge_sets(struct run *run, struct concluding *items, instant now)
{
    static const struct rule_switches none = {0};
    struct setbook_tools              tools = {.store = run->setting.store,
                                               .sets = run->definitions.sets,
                                               .catalogue = run->definitions.catalogue,
                                               .calendar = run->definitions.calendar,
                                               .environment = ENVIRONMENT_TEST,
                                               .seed = 1,
                                               .switches = &none};
    struct setbook                    book = {0};
    struct fault                      fault = {0};

    must(setbook_judge(&tools, run->setting.arena, items, run->batch, &book, &fault), &fault);
    must(setbook_write(&tools, run->setting.arena, &book, now, &fault), &fault);
}

static void
conclude(struct run *run, size_t at, struct concluding *items)
{
    static char              receipt_bytes[RECEIPT_SIZE];
    struct concluded_receipt receipts[QUEUE_TAKE_MAX];
    struct store            *store = run->setting.store;
    struct arena            *arena = run->setting.arena;
    struct fault             fault = {0};
    bool                     flags[QUEUE_TAKE_MAX];
    int64_t                  key = 1;
    instant                  now = 0;

    struct moments from = read_clocks(run);
    must(conclusion_begin(store, arena, &now, &fault), &fault);
    must(conclusion_lock(store, arena, &key, 1, flags, &fault), &fault);
    lap(run, at, STEP_LOCK, &from);
    must(conclusion_context(store, arena, items, run->batch, flags, &fault), &fault);
    lap(run, at, STEP_CONTEXT, &from);
    must(conclusion_write(store, arena, items, run->batch, &fault), &fault);
    lap(run, at, STEP_WRITE, &from);
    for (size_t i = 0; i < run->batch; i++) {
        items[i].decided_at = now;
    }
    must(conclusion_head(store, arena, items, run->batch, &fault), &fault);
    lap(run, at, STEP_HEAD, &from);
    for (size_t i = 0; i < run->batch; i++) {
        receipts[i] = (struct concluded_receipt){
            .number = str_format(arena, "R-%zu", (size_t)items[i].log_index),
            .kind = "summary",
            .regon = STR("990000001"),
            .bytes = {receipt_bytes, sizeof receipt_bytes}
        };
        items[i].receipts = &receipts[i];
        items[i].receipt_count = 1;
    }
    from = read_clocks(run);
    must(conclusion_finish_settle(store, arena, items, run->batch, &fault), &fault);
    lap(run, at, STEP_SETTLE, &from);
    judge_sets(run, items, now);
    lap(run, at, STEP_SETS, &from);
    must(conclusion_finish(store, arena, items, run->batch, &fault), &fault);
    lap(run, at, STEP_FINISH, &from);
    must(store_commit(store, &fault), &fault);
    lap(run, at, STEP_COMMIT, &from);
}

static void
run_batch(struct run *run, size_t at)
{
    static const char *const months[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
    struct setting           setting = run->setting;
    struct queued            queued[QUEUE_TAKE_MAX];
    struct concluding        items[QUEUE_TAKE_MAX];

    /* The memory of a batch ends with it, as in a worker; the connection stays. */
    run->setting.arena = arena_create((size_t)512 << 20U);
    admit(run, at, queued);
    for (size_t i = 0; i < run->batch; i++) {
        struct setting_report report = {.unit = 1 + (int64_t)(i % SETTING_UNITS),
                                        .version = (int)(at * QUEUE_TAKE_MAX + i),
                                        .verdict = VERDICT_ACCEPTED,
                                        .rows = run->rows,
                                        .period_type = "Miesiac",
                                        .number = months[i / SETTING_UNITS % 10]};
        items[i] = setting_decide(&run->setting, &queued[i], &report, 1);
    }
    conclude(run, at, items);
    arena_destroy(run->setting.arena);
    run->setting = setting;
}

static int
compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static double
median(const struct run *run, double *spent)
{
    qsort(spent, run->batches, sizeof *spent, compare);
    return spent[run->batches / 2] / (double)run->batch;
}

static void
print(struct run *run)
{
    double elapsed = 0;
    double cpu = 0;

    (void)printf("batches of %zu documents of %zu rows, median of %zu; us per document\n",
                 run->batch, run->rows, run->batches);
    (void)printf("%-26s %8s %8s\n", "", "elapsed", "CPU");
    for (size_t i = 0; i < STEP_COUNT; i++) {
        double step_elapsed = median(run, run->elapsed[i]);
        double step_cpu = median(run, run->cpu[i]);
        (void)printf("%-26s %8.1f %8.1f\n", step_names[i], step_elapsed, step_cpu);
        elapsed += step_elapsed;
        cpu += step_cpu;
    }
    (void)printf("%-26s %8.1f %8.1f\n", "sum", elapsed, cpu);
}

static size_t
number_of(int argc, char **argv, int at, size_t otherwise)
{
    return argc > at ? (size_t)strtoul(argv[at], NULL, 10) : otherwise;
}

int
main(int argc, char **argv)
{
    static struct run run;
    void             *state = NULL;
    struct fault      fault = {0};

    run.batch = number_of(argc, argv, 1, QUEUE_TAKE_MAX);
    run.rows = number_of(argc, argv, 2, 50);
    run.batches = number_of(argc, argv, 3, 20);
    ENSURE(run.batch >= 1 && run.batch <= QUEUE_TAKE_MAX && run.batches >= 1
           && run.batches <= BATCHES_MAX);
    (void)setting_start_durable(&state);
    run.setting = setting_open();
    must(definitions_load(run.setting.arena, NULL, &run.definitions, &fault), &fault);
    run.backend = setting_number(&run.setting, "SELECT pid FROM pg_stat_activity "
                                               "WHERE usename = 'brama_writer'");
    for (size_t i = 0; i < run.batches; i++) {
        run_batch(&run, i);
    }
    print(&run);
    setting_close(&run.setting);
    (void)setting_stop(&state);
    return 0;
}
