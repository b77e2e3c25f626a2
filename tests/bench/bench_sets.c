/*
 * What judging the set of a JST costs, as one filing causes it: its Rb-27S and Rb-28S, those of its
 * units, and the quarter before; sets of some 10, 100 and 1,000 reports of 50 rows, which agree, so
 * that nothing but reading and adding up is measured. Then the set of one unit, as most filings of
 * a unit cause one. CPU of this process, the least of the runs. Prints lines of: name value unit.
 */
#include "gateway/definitions/definitions.h"
#include "validators/sets/sets.h"

#include <time.h>

enum { ROWS = 50, RUNS = 7, FORMS = 2, REPORTS_MAX = 1024 };

struct bench {
    struct arena           *arena;
    const struct catalogue *catalogue;
    const struct sets      *sets;
    struct sets_report      reports[REPORTS_MAX];
    size_t                  report_count;
};

static const char *const elements[FORMS] = {"Rb-27s", "Rb-28s"};

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

/* Rows as they stand in a report of a unit: a paragraf each, all its columns filled. */
static const struct columns *
make_columns(struct bench *bench, const struct form *form, int64_t amount)
{
    struct columns *columns = ARENA_NEW(bench->arena, struct columns, 1);

    ENSURE(columns_create(bench->arena, form->code_count, form->amount_count, columns));
    for (uint32_t row = 0; row < ROWS; row++) {
        const uint32_t codes[] = {801, 80100 + row % 5, 400 + row};
        ENSURE(columns_add_row(columns, (row + 1) * 64));
        for (size_t code = 0; code < form->code_count; code++) {
            struct str text = str_format(bench->arena, "%u", code < 3 ? codes[code] : 0);
            ENSURE(columns_set_code(columns, code, CELL_PRESENT, text, 1));
        }
        for (size_t slot = 0; slot < form->amount_count; slot++) {
            columns_set_amount(columns, slot, CELL_PRESENT, amount * (row + 1), (row + 1) * 64 + 1);
        }
    }
    return columns;
}

static void
add_report(struct bench *bench, size_t form, const char *level, struct str unit, int quarter,
           int64_t amount)
{
    struct sets_report *it = &bench->reports[bench->report_count++];

    ENSURE(bench->report_count <= REPORTS_MAX);
    *it = (struct sets_report){.level = str_of(level), .unit = unit};
    ENSURE(catalogue_period_at(catalogue_period_type(bench->catalogue, STR("Kwartal")), 2026,
                               quarter, &it->period));
    int32_t number = catalogue_form(bench->catalogue, str_of(elements[form]), it->period.end);
    ENSURE(number >= 0);
    it->form = &bench->catalogue->forms[number];
    it->columns = make_columns(bench, it->form, amount);
}

/* Of a JST with so many units: what they file adds up to what it files. */
static void
fill_jst(struct bench *bench, size_t units)
{
    bench->report_count = 0;
    for (size_t form = 0; form < FORMS; form++) {
        for (size_t i = 0; i < units; i++) {
            add_report(bench, form, "jednostkowe", str_format(bench->arena, "SP %zu", i), 2, 1000);
        }
        add_report(bench, form, "zbiorcze", STR("Gmina"), 2, 1000 * (int64_t)units);
        add_report(bench, form, "zbiorcze", STR("Gmina"), 1, 1000);
    }
}

static void
fill_unit(struct bench *bench)
{
    bench->report_count = 0;
    for (size_t form = 0; form < FORMS; form++) {
        add_report(bench, form, "jednostkowe", STR("SP"), 2, 1000);
        add_report(bench, form, "jednostkowe", STR("SP"), 1, 1000);
    }
}

/* Nanoseconds of judging once, and how many values were compared. */
static double
judge(const struct bench *bench, enum sets_scope scope, size_t *compared)
{
    const struct sets_facts facts = {
        .key = {scope, bench->reports[0].period},
        .reports = bench->reports,
        .report_count = bench->report_count,
        .awaited_known = true,
        .seed = 1
    };
    int64_t best = INT64_MAX;

    for (size_t run = 0; run < RUNS; run++) {
        struct arena         *arena = arena_create((size_t)256 << 20);
        struct sets_judgement judgement = {0};
        struct fault          fault = {0};
        int64_t               start = cpu_ns();

        need(sets_judge(arena, bench->sets, &facts, &judgement, &fault), &fault);
        int64_t took = cpu_ns() - start;
        best = took < best ? took : best;
        *compared = 0;
        for (size_t i = 0; i < judgement.answer_count; i++) {
            *compared += judgement.answers[i].compared;
        }
        ENSURE(judgement.finding_count == 0 && *compared > 0);
        arena_destroy(arena);
    }
    return (double)best;
}

static void
measure(const struct bench *bench, enum sets_scope scope, const char *name)
{
    size_t compared = 0;
    double took = judge(bench, scope, &compared);

    (void)printf("sets_%s_%zu_reports %.3f ms\n", name, bench->report_count, took / 1e6);
    (void)printf("sets_%s_%zu_reports_per_line %.0f ns\n", name, bench->report_count,
                 took / ((double)bench->report_count * ROWS));
    (void)printf("sets_%s_%zu_reports_compared %zu values\n", name, bench->report_count, compared);
}

int
main(void)
{
    static const size_t units[] = {3, 48, 498};
    static struct bench bench;
    struct fault        fault = {0};

    arena_keep_memory(); /* as the programs do */
    bench.arena = arena_create((size_t)1 << 30);
    need(definitions_catalogue(bench.arena, NULL, &bench.catalogue, &fault), &fault);
    need(sets_compile(bench.arena, bench.catalogue, &bench.sets, &fault), &fault);
    fill_unit(&bench);
    measure(&bench, SETS_OF_UNIT, "of_a_unit");
    for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
        fill_jst(&bench, units[i]);
        measure(&bench, SETS_OF_JST, "of_a_jst");
    }
    arena_destroy(bench.arena);
    return 0;
}
