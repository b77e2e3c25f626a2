/*
 * What a rule costs per row, on 3,000 rows as a voivodeship city's report has. "whole" is a run
 * with everything around it (registers, strings, results) divided by its rules; "one rule" is the
 * slope between one and many rules that share no operand, so without what a run costs once. Prints
 * lines of: name value unit.
 */
#include "validators/base/buf.h"
#include "validators/vtl/vtl.h"

#include <string.h>
#include <time.h>

enum { ROWS = 3000, GROUPS = 8, PARTS = 6, COMPONENTS = GROUPS * PARTS, RUNS = 41, REPEATS = 40 };

static int64_t  numbers[COMPONENTS][ROWS];
static uint32_t ids[COMPONENTS][ROWS];
static uint8_t  states[COMPONENTS][ROWS];

static const char *const parts[PARTS] = {"NA", "PO", "DW", "NO", "NP", "DZ"};

static const struct {
    const char *name;
    const char *rule; /* # stands for the group, so that rules share nothing */
} rules[] = {
    {"balance", "nvl(NA#,0) - nvl(PO#,0) - nvl(DW#,0) = nvl(NO#,0) - nvl(NP#,0)"},
    {"sign",    "when NA# > PO# then NO# >= 0"                                  },
    {"prefix",  "substr(DZ#, 1, 2) = \"75\""                                    },
    {"set",     "DZ# not_in {\"750x\", \"751\", \"802\"}"                       },
    {"ratio",   "round(NA# / (PO# + 1.00), 2) < 100000"                         },
};

struct bench {
    struct vtl_component components[COMPONENTS];
    struct vtl_column    columns[COMPONENTS];
    struct str           texts[64];
    struct vtl_data      data;
};

/* Rows that keep the rules, as nearly all rows do: NA - 1 - 2 = NO - 3. */
static int64_t
cell_of(size_t part, size_t row)
{
    static const int64_t fixed[PARTS] = {0, 1, 2, 0, 3, 0};

    return fixed[part] == 0 ? (int64_t)(row * 100 + 50) : fixed[part];
}

static void
fill(struct arena *arena, struct bench *bench, bool gaps)
{
    for (uint32_t i = 1; i < ARRAY_COUNT(bench->texts); i++) {
        bench->texts[i] = str_format(arena, "%03u", 700 + i * 3);
    }
    for (size_t i = 0; i < COMPONENTS; i++) {
        bool text = i % PARTS == PARTS - 1;
        bench->components[i] =
            (struct vtl_component){.name = str_format(arena, "%s%zu", parts[i % PARTS], i / PARTS),
                                   .type = text ? VTL_STRING : VTL_NUMBER,
                                   .scale = text ? 0 : 2};
        bench->columns[i] = (struct vtl_column){numbers[i], ids[i], states[i]};
        for (size_t row = 0; row < ROWS; row++) {
            bool absent = gaps && row % 3 == 0;
            numbers[i][row] = absent ? 0 : cell_of(i % PARTS, row);
            ids[i][row] = 1 + (uint32_t)(row % (ARRAY_COUNT(bench->texts) - 1));
            states[i][row] = absent && !text ? VTL_CELL_ABSENT : VTL_CELL_PRESENT;
        }
    }
    bench->data = (struct vtl_data){.row_count = ROWS,
                                    .columns = bench->columns,
                                    .texts = bench->texts,
                                    .text_count = ARRAY_COUNT(bench->texts)};
}

static void
append_rule(struct buf *buf, const char *rule, size_t group)
{
    struct str rest = str_of(rule);
    struct str piece;

    buf_format(buf, "%sR%zu: ", group == 0 ? "" : "; ", group);
    for (bool first = true; str_cut(&rest, '#', &piece); first = false) {
        if (!first) {
            buf_format(buf, "%zu", group);
        }
        buf_append(buf, piece);
    }
}

static struct vtl_plan *
compile(struct arena *arena, const struct bench *bench, const char *rule, size_t count)
{
    struct buf         buf = buf_create(arena, 65536);
    struct vtl_script *script = NULL;
    struct vtl_plan   *plan = NULL;
    struct vtl_problem problem = {0};
    struct vtl_binding binding = {
        .ruleset = STR("R"), .structure = {bench->components, COMPONENTS}
    };

    buf_append(&buf, STR("define datapoint ruleset R (variable "));
    for (size_t i = 0; i < COMPONENTS; i++) {
        buf_format(&buf, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(bench->components[i].name));
    }
    buf_append(&buf, STR(") is "));
    for (size_t group = 0; group < count; group++) {
        append_rule(&buf, rule, group);
    }
    buf_append(&buf, STR(" end datapoint ruleset;"));
    if (vtl_parse(arena, buf_str(&buf), &script, &problem, NULL) != ERR_OK
        || vtl_bind(arena, script, &binding, &plan, &problem, NULL) != ERR_OK) {
        (void)fprintf(stderr, "%s\n", problem.text);
        exit(2);
    }
    return plan;
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The time of REPEATS runs, each with a scratch arena of its own. */
static int64_t
time_runs(const struct bench *bench, const struct vtl_plan *plan)
{
    static const struct vtl_options options = {.row_max = 100};
    struct vtl_rule_result          results[GROUPS];
    int64_t                         start = cpu_ns();

    for (size_t i = 0; i < REPEATS; i++) {
        struct arena *scratch = arena_create((size_t)16 * 1024 * 1024);
        ENSURE(vtl_run(scratch, plan, &bench->data, &options, results, NULL) == ERR_OK);
        arena_destroy(scratch);
    }
    return cpu_ns() - start;
}

/* Insertion sort, then the middle. */
static int64_t
median(int64_t *times, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t at = i; at > 0 && times[at - 1] > times[at]; at--) {
            int64_t moved = times[at];
            times[at] = times[at - 1];
            times[at - 1] = moved;
        }
    }
    return times[count / 2];
}

static void
measure(struct arena *arena, const struct bench *bench, size_t rule, const char *kind)
{
    const struct vtl_plan *one = compile(arena, bench, rules[rule].rule, 1);
    const struct vtl_plan *many = compile(arena, bench, rules[rule].rule, GROUPS);
    int64_t                times_one[RUNS];
    int64_t                times_many[RUNS];

    for (size_t i = 0; i < RUNS; i++) {
        times_one[i] = time_runs(bench, one);
        times_many[i] = time_runs(bench, many);
    }
    double rows = (double)ROWS * REPEATS;
    double single = (double)median(times_one, RUNS) / rows;
    double all = (double)median(times_many, RUNS) / rows;
    (void)printf("vtl_%s_%s_whole %.2f ns/row\n", rules[rule].name, kind, single);
    (void)printf("vtl_%s_%s_one_rule %.2f ns/row\n", rules[rule].name, kind,
                 (all - single) / (GROUPS - 1));
}

int
main(void)
{
    struct arena       *arena = arena_create((size_t)64 * 1024 * 1024);
    static struct bench bench;

    arena_keep_memory(); /* as the programs do */
    for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
        fill(arena, &bench, false);
        measure(arena, &bench, i, "full");
        fill(arena, &bench, true);
        measure(arena, &bench, i, "gaps");
    }
    arena_destroy(arena);
    return 0;
}
