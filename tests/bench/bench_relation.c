/*
 * What the operators over whole datasets cost: sums of two measures over millions of rows, joins of
 * millions, each beside a plain loop over the same arrays in the same run (reading them once;
 * adding them up into an array by a number that somebody else has computed). Everything twice as
 * large once more, to see that cost is linear. Prints lines of: name value unit.
 */
#include "validators/relation/aggregate.h"
#include "validators/relation/join.h"

#include <time.h>

enum { RUNS = 5, ROWS = 3000000, UNITS = 2848, KEYS_MAX = 3, MEASURES = 2, STRIDE = 1000003 };

static const char *const names[] = {"JST", "DZIAL", "PARAGRAF", "PLAN", "WYK"};

static const struct relation_component others[] = {
    {STR_INIT("NR"),   RELATION_IDENTIFIER, RELATION_INTEGER, 0, RELATION_PLAIN},
    {STR_INIT("INNE"), RELATION_MEASURE,    RELATION_INTEGER, 0, RELATION_PLAIN},
    {STR_INIT("TAK"),  RELATION_MEASURE,    RELATION_INTEGER, 0, RELATION_PLAIN},
};

struct bench {
    struct arena   *arena;
    struct relation relation;
    struct relation left;  /* of as many rows, each with a number of its own */
    struct relation right; /* the same numbers, from the last to the first */
    int64_t        *measures[MEASURES];
    uint32_t       *ids[KEYS_MAX];
};

static uint64_t
draw(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random >> 11;
}

static void
check(enum err got, const struct fault *fault)
{
    if (got != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault->text);
        exit(2);
    }
}

/* As reports of a country come: unit after unit, each with its own rows. */
static struct bench
make(size_t rows)
{
    struct bench               bench = {.arena = arena_create((size_t)4 << 30)};
    struct fault               fault = {0};
    uint64_t                   random = 88172645463325252U;
    struct relation_component *components =
        ARENA_NEW(bench.arena, struct relation_component, KEYS_MAX + MEASURES);
    struct relation_column *columns =
        ARENA_NEW(bench.arena, struct relation_column, KEYS_MAX + MEASURES);

    check(vocabulary_create(bench.arena, 1, &bench.relation.vocabulary, &fault), &fault);
    for (size_t i = 0; i < UNITS; i++) {
        char     text[16];
        uint32_t id = 0;
        (void)snprintf(text, sizeof text, "%07zu", i);
        check(vocabulary_add(bench.relation.vocabulary, str_of(text), &id, &fault), &fault);
    }
    for (size_t i = 0; i < KEYS_MAX + MEASURES; i++) {
        bool key = i < KEYS_MAX;
        components[i] = (struct relation_component){
            str_of(names[i]), key ? RELATION_IDENTIFIER : RELATION_MEASURE,
            key ? RELATION_STRING : RELATION_NUMBER, key ? 0 : 2, RELATION_PLAIN};
        if (key) {
            bench.ids[i] = ARENA_NEW(bench.arena, uint32_t, rows);
            columns[i].ids = bench.ids[i];
        } else {
            bench.measures[i - KEYS_MAX] = ARENA_NEW(bench.arena, int64_t, rows);
            columns[i].values = bench.measures[i - KEYS_MAX];
        }
    }
    for (size_t row = 0; row < rows; row++) {
        bench.ids[0][row] = 1 + (uint32_t)(row * UNITS / rows);
        bench.ids[1][row] = 1 + (uint32_t)(draw(&random) % 33);
        bench.ids[2][row] = 1 + (uint32_t)(draw(&random) % 300);
        bench.measures[0][row] = (int64_t)(draw(&random) % 1000000000);
        bench.measures[1][row] = (int64_t)(draw(&random) % 1000000000) - 500000000;
    }
    bench.relation.component_count = KEYS_MAX + MEASURES;
    bench.relation.components = components;
    bench.relation.columns = columns;
    bench.relation.row_count = rows;
    check(relation_create(bench.arena, &bench.relation, 0, &bench.relation, &fault), &fault);
    return bench;
}

/* One identifier, counted in strides from the first row or from the last, and one measure. */
static struct relation
number_rows(const struct bench *bench, bool forward, const struct relation_component *measure)
{
    size_t                     rows = bench->relation.row_count;
    int64_t                   *numbers = ARENA_NEW(bench->arena, int64_t, rows);
    struct relation_column    *columns = ARENA_NEW(bench->arena, struct relation_column, 2);
    struct relation_component *components = ARENA_NEW(bench->arena, struct relation_component, 2);
    struct fault               fault = {0};
    struct relation            made = {.vocabulary = bench->relation.vocabulary,
                                       .component_count = 2,
                                       .components = components,
                                       .columns = columns,
                                       .row_count = rows};

    for (size_t row = 0; row < rows; row++) {
        numbers[row] = (int64_t)(forward ? row : rows - 1 - row) * STRIDE;
    }
    components[0] = others[0];
    components[1] = *measure;
    columns[0].values = numbers;
    columns[1].values = bench->measures[forward ? 0 : 1];
    check(relation_create(bench->arena, &made, 1, &made, &fault), &fault);
    return made;
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
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

static volatile int64_t sink;

static void
read_once(const struct bench *bench, size_t key_count)
{
    int64_t sum = 0;

    for (size_t key = 0; key < key_count; key++) {
        for (size_t row = 0; row < bench->relation.row_count; row++) {
            sum += bench->ids[key][row];
        }
    }
    for (size_t measure = 0; measure < MEASURES; measure++) {
        for (size_t row = 0; row < bench->relation.row_count; row++) {
            sum += bench->measures[measure][row];
        }
    }
    sink = sum;
}

/* The least that any aggregation does: one addition per value, at an address that the row gives. */
static void
add_plainly(const struct bench *bench, size_t key_count)
{
    static amount_wide sums[MEASURES][UNITS + 1];

    (void)key_count;
    for (size_t measure = 0; measure < MEASURES; measure++) {
        for (size_t row = 0; row < bench->relation.row_count; row++) {
            sums[measure][bench->ids[0][row]] += bench->measures[measure][row];
        }
    }
    sink = (int64_t)sums[0][1];
}

static void
aggregate_by(const struct bench *bench, size_t key_count)
{
    static const size_t         keys[KEYS_MAX] = {0, 1, 2};
    const struct aggregate_term terms[] = {
        {AGGREGATE_SUM, KEYS_MAX,     str_of(names[KEYS_MAX]),     RELATION_MEASURE, 0},
        {AGGREGATE_SUM, KEYS_MAX + 1, str_of(names[KEYS_MAX + 1]), RELATION_MEASURE, 0},
    };
    const struct aggregate aggregate = {keys, key_count, terms, ARRAY_COUNT(terms)};
    struct arena          *arena = arena_create((size_t)4 << 30);
    struct relation        out = {0};
    struct fault           fault = {0};

    check(aggregate_run(arena, &bench->relation, &aggregate, &out, &fault), &fault);
    sink = (int64_t)out.row_count;
    arena_destroy(arena);
}

/* The least that a join does: each row of right to where it is wanted, found by itself. */
static void
copy_plainly(const struct bench *bench, size_t key_count)
{
    size_t        rows = bench->relation.row_count;
    struct arena *arena = arena_create((size_t)1 << 30);
    int64_t      *copy = ARENA_NEW(arena, int64_t, rows);

    (void)key_count;
    for (size_t row = 0; row < rows; row++) {
        copy[row] = bench->right.columns[1].values[rows - 1 - row];
    }
    sink = copy[rows / 2];
    arena_destroy(arena);
}

static void
join_all(const struct bench *bench, size_t key_count)
{
    const size_t    key = 0;
    struct join     join = {JOIN_INNER, &bench->left, &bench->right, &key, &key, key_count};
    struct arena   *arena = arena_create((size_t)4 << 30);
    struct relation out = {0};
    struct fault    fault = {0};

    check(join_run(arena, &join, &out, &fault), &fault);
    sink = (int64_t)out.row_count;
    arena_destroy(arena);
}

static void
measure(const struct bench *bench, const char                           *name,
        void (*run)(const struct bench *bench, size_t key_count), size_t key_count)
{
    int64_t times[RUNS];

    for (size_t i = 0; i < RUNS; i++) {
        int64_t start = cpu_ns();
        run(bench, key_count);
        times[i] = cpu_ns() - start;
    }
    int64_t middle = median(times, RUNS);
    (void)printf("relation_%s_%zu_rows %.2f ms\n", name, bench->relation.row_count,
                 (double)middle / 1e6);
    (void)printf("relation_%s_%zu_rows %.2f ns/row\n", name, bench->relation.row_count,
                 (double)middle / (double)bench->relation.row_count);
}

int
main(void)
{
    for (size_t factor = 1; factor <= 2; factor++) {
        struct bench bench = make(factor * ROWS);
        measure(&bench, "read_once_1_key", read_once, 1);
        measure(&bench, "plain_sums_1_key", add_plainly, 1);
        measure(&bench, "sums_1_key", aggregate_by, 1);
        measure(&bench, "sums_3_keys", aggregate_by, KEYS_MAX);
        bench.left = number_rows(&bench, true, &others[1]);
        bench.right = number_rows(&bench, false, &others[2]);
        measure(&bench, "plain_copy", copy_plainly, 1);
        measure(&bench, "join_1_key", join_all, 1);
        arena_destroy(bench.arena);
    }
    return 0;
}
