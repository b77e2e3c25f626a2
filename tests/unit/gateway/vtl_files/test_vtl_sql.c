#include "tests/unit/gateway/vtl_files/mirror.h"

#include "tests/support/cluster.h"

#include "validators/evaluation/evaluation.h"
#include "validators/relation/timespan.h"
#include "validators/relation/vocabulary.h"

#include "validators/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * The language over datasets against PostgreSQL: made-up scripts over made-up data (mirror.h), each
 * worked out by both, and compared row by row, exactly. Work comes in batches; a batch has a seed,
 * data of its own, and one query. A difference names the seed: `test_vtl_sql SEED` repeats the
 * batch alone.
 */
enum {
    FIRST_SEED = 20260,
    BATCHES = 400,
    CASES_PER_BATCH = 25,
    STEPS_MAX = 5,
    ROWS_MAX = 16,
    USES_MIN = 20, /* of each operator */
    DIGITS_MAX = 48,
    ARENA_SIZE = 64 * 1024 * 1024,
};

static struct cluster *cluster;
static uint64_t        only_seed; /* 0: all batches */

/* What the tables of a batch look like. */
static const struct {
    const char        *name;
    unsigned           ids;
    bool               failing;
    struct mirror_item items[4];
    size_t             count;
} tables[] = {
    {"d1",
     MIRROR_K | MIRROR_N,
     false,                            {{STR_INIT("x"), MIRROR_NUMBER, 2, 7}, {STR_INIT("y"), MIRROR_NUMBER, 0, 3}},
     2                                                                                                                  },
    {"d2",
     MIRROR_K | MIRROR_N,
     false,                            {{STR_INIT("x"), MIRROR_NUMBER, 2, 7}, {STR_INIT("y"), MIRROR_NUMBER, 0, 3}},
     2                                                                                                                  },
    {"d3", MIRROR_K,            false, {{STR_INIT("z"), MIRROR_NUMBER, 12, 13}},                                       1},
    {"d4", MIRROR_K | MIRROR_N, false, {{STR_INIT("s"), MIRROR_TEXT, 0, 0}},                                           1},
    {"d5", MIRROR_K | MIRROR_N, false, {{STR_INIT("f"), MIRROR_TRUTH, 0, 0}},                                          1},
    {"d6", MIRROR_K | MIRROR_N, false, {{STR_INIT("f"), MIRROR_TRUTH, 0, 0}},                                          1},
    {"d7", MIRROR_K | MIRROR_Q, false, {{STR_INIT("x"), MIRROR_NUMBER, 2, 7}},                                         1},
    {"d8",
     MIRROR_K | MIRROR_N,
     false,                            {{STR_INIT("x"), MIRROR_NUMBER, 1, 4},
      {STR_INIT("y"), MIRROR_NUMBER, 0, 2},
      {STR_INIT("s"), MIRROR_TEXT, 0, 0},
      {STR_INIT("f"), MIRROR_TRUTH, 0, 0}},
     4                                                                                                                  },
    {"f1",
     MIRROR_K | MIRROR_N,
     true,                             {{STR_INIT("x"), MIRROR_NUMBER, 2, 17}, {STR_INIT("y"), MIRROR_NUMBER, 0, 3}},
     2                                                                                                                  },
    {"f2",
     MIRROR_K | MIRROR_N,
     true,                             {{STR_INIT("x"), MIRROR_NUMBER, 6, 17}, {STR_INIT("y"), MIRROR_NUMBER, 0, 17}},
     2                                                                                                                  },
    {"f3", MIRROR_K,            true,  {{STR_INIT("z"), MIRROR_NUMBER, 0, 1}},                                         1},
};

struct batch {
    struct arena             *arena;
    struct mirror             mirror;
    struct vocabulary        *vocabulary;
    struct evaluation_dataset datasets[ARRAY_COUNT(tables)];
    struct mirror_set         sets[ARRAY_COUNT(tables)];
    size_t                    count;
    struct buf                with; /* SQL of the data */
};

/* One case: the last statement, and the lines that SQL gives. */
struct trial {
    struct mirror_set set;
    struct str        script;
};

static const char *
sql_type(enum mirror_kind kind)
{
    return kind == MIRROR_NUMBER ? "numeric" : kind == MIRROR_TEXT ? "text" : "boolean";
}

static void
put_value(struct batch *batch, bool null, int64_t value, const struct mirror_item *item)
{
    if (null) {
        buf_format(&batch->with, ", NULL::%s", sql_type(item->kind));
    } else if (item->kind == MIRROR_TRUTH) {
        buf_append(&batch->with, value != 0 ? STR(", true") : STR(", false"));
    } else {
        buf_format(&batch->with, ", %lld * 1e-%d", (long long)value, item->scale);
    }
}

/* One cell of a measure, in the relation and in SQL. */
static void
roll_cell(struct batch *batch, const struct mirror_item *item, struct relation_column *column,
          size_t row)
{
    static const char *const texts[] = {"a", "b", "abc", " b ", "AbC", "zz", "", "x y", "ABC"};
    struct dice             *dice = &batch->mirror.dice;
    bool                     null = dice_chance(dice, 20);
    uint8_t                 *states = (uint8_t *)column->states;
    int64_t                 *values = (int64_t *)column->values;
    uint32_t                *ids = (uint32_t *)column->ids;

    if (item->kind == MIRROR_TEXT) {
        const char *text = texts[dice_below(dice, ARRAY_COUNT(texts))];
        if (!null) {
            assert_int_equal(vocabulary_add(batch->vocabulary, str_of(text), &ids[row], NULL),
                             ERR_OK);
        }
        buf_format(&batch->with, null ? ", NULL" : ", '%s'", text);
        return;
    }
    int64_t limit = 1;
    /* Small numbers are as likely as large ones, so that equal ones meet. */
    for (int i = (int)dice_below(dice, (uint64_t)item->digits + 1); i > 0; i--) {
        limit *= 10;
    }
    values[row] = (int64_t)dice_below(dice, (uint64_t)limit + 1);
    values[row] = dice_chance(dice, 35) ? -values[row] : values[row];
    if (item->kind == MIRROR_TRUTH) {
        values[row] = dice_chance(dice, 50) ? 1 : 0;
    }
    states[row] = null ? RELATION_ABSENT : RELATION_PRESENT;
    put_value(batch, null, values[row], item);
    values[row] = null ? 0 : values[row];
}

static struct relation_column
make_column(struct batch *batch, bool text)
{
    struct relation_column column = {0};

    if (text) {
        column.ids = ARENA_NEW(batch->arena, uint32_t, ROWS_MAX);
        assert_non_null(column.ids);
    } else {
        column.values = ARENA_NEW(batch->arena, int64_t, ROWS_MAX);
        column.states = ARENA_NEW(batch->arena, uint8_t, ROWS_MAX);
        assert_non_null(column.states);
    }
    return column;
}

/* The identifiers of place `at` of all there could be. */
static void
put_identifiers(struct batch *batch, unsigned ids, size_t at, size_t row,
                struct relation_column *columns)
{
    static const char *const keys[] = {"a", "b", "c", "d"};
    size_t                   second = at / ARRAY_COUNT(keys);
    const char              *key = keys[at % ARRAY_COUNT(keys)];

    assert_int_equal(
        vocabulary_add(batch->vocabulary, str_of(key), &((uint32_t *)columns[0].ids)[row], NULL),
        ERR_OK);
    buf_format(&batch->with, "%s ('%s'", row == 0 ? "" : ",", key);
    if (ids == MIRROR_K) {
        return;
    }
    int64_t value = (int64_t)second + 1;
    int64_t shown = value;
    if ((ids & MIRROR_Q) != 0) {
        struct timespan quarter = {TIMESPAN_QUARTER, 2025 + (int)(second / 2),
                                   (int)(second % 2) * 2 + 2};
        value = timespan_encode(quarter);
        shown = quarter.year * 4 + quarter.number - 1;
    }
    ((int64_t *)columns[1].values)[row] = value;
    ((uint8_t *)columns[1].states)[row] = RELATION_PRESENT;
    buf_format(&batch->with, ", %lld", (long long)shown);
}

static const enum relation_type types[] = {
    [MIRROR_NUMBER] = RELATION_NUMBER,
    [MIRROR_TEXT] = RELATION_STRING,
    [MIRROR_TRUTH] = RELATION_BOOLEAN,
};

/* The head of a table in SQL, which has no rows: its names and types. */
static void
begin_table(struct batch *batch, size_t table)
{
    const char *second = (tables[table].ids & MIRROR_N) != 0   ? "n"
                         : (tables[table].ids & MIRROR_Q) != 0 ? "q"
                                                               : NULL;

    buf_format(&batch->with, "%s %s AS MATERIALIZED (SELECT NULL::text AS k",
               batch->count == 0 ? "WITH" : ",", tables[table].name);
    if (second != NULL) {
        buf_format(&batch->with, ", NULL::int AS %s", second);
    }
    for (size_t i = 0; i < tables[table].count; i++) {
        buf_format(&batch->with, ", NULL::%s AS %.*s", sql_type(tables[table].items[i].kind),
                   STR_ARG(tables[table].items[i].name));
    }
    buf_append(&batch->with, STR(" WHERE false"));
}

/* The components of a table: k, what stands beside it, its measures; and columns for them. */
static void
make_structure(struct batch *batch, size_t table, struct relation_component *components,
               struct relation_column *columns)
{
    bool   numbers = (tables[table].ids & MIRROR_N) != 0;
    size_t count = 0;

    components[count] = (struct relation_component){.name = STR("k"), .type = RELATION_STRING};
    columns[count++] = make_column(batch, true);
    if (tables[table].ids != MIRROR_K) {
        components[count] =
            (struct relation_component){.name = numbers ? STR("n") : STR("q"),
                                        .type = numbers ? RELATION_INTEGER : RELATION_TIME_PERIOD};
        columns[count++] = make_column(batch, false);
    }
    for (size_t i = 0; i < tables[table].count; i++) {
        const struct mirror_item *item = &tables[table].items[i];
        components[count] = (struct relation_component){.name = item->name,
                                                        .role = RELATION_MEASURE,
                                                        .type = types[item->kind],
                                                        .scale = item->scale};
        columns[count++] = make_column(batch, item->kind == MIRROR_TEXT);
    }
}

/* Some of the rows that there could be. Returns how many. */
static size_t
make_rows(struct batch *batch, size_t table, struct relation_column *columns)
{
    unsigned ids = tables[table].ids;
    size_t   first = ids == MIRROR_K ? 1 : 2;
    size_t   places = ids == MIRROR_K ? 4 : 12;
    size_t   row = 0;

    for (size_t at = 0; at < places; at++) {
        if (!dice_chance(&batch->mirror.dice, 60)) {
            continue;
        }
        buf_append(&batch->with, row == 0 ? STR(" UNION ALL VALUES") : STR(""));
        put_identifiers(batch, ids, at, row, columns);
        for (size_t i = 0; i < tables[table].count; i++) {
            roll_cell(batch, &tables[table].items[i], &columns[first + i], row);
        }
        buf_byte(&batch->with, ')');
        row++;
    }
    return row;
}

static void
add_table(struct batch *batch, size_t table)
{
    unsigned                   ids = tables[table].ids;
    size_t                     count = (ids == MIRROR_K ? 1 : 2) + tables[table].count;
    struct relation_component *components =
        ARENA_NEW(batch->arena, struct relation_component, count);
    struct relation_column *columns = ARENA_NEW(batch->arena, struct relation_column, count);
    struct relation         made = {.vocabulary = batch->vocabulary,
                                    .component_count = count,
                                    .components = components,
                                    .columns = columns};

    assert_true(components != NULL && columns != NULL);
    begin_table(batch, table);
    make_structure(batch, table, components, columns);
    made.row_count = dice_chance(&batch->mirror.dice, 6) ? 0 : make_rows(batch, table, columns);
    buf_append(&batch->with, STR(")"));
    struct evaluation_dataset *dataset = &batch->datasets[batch->count];
    dataset->name = str_of(tables[table].name);
    assert_int_equal(
        relation_create(batch->arena, &made, (uint32_t)batch->count, &dataset->relation, NULL),
        ERR_OK);
    struct mirror_set *set = &batch->sets[batch->count++];
    *set = (struct mirror_set){.vtl = dataset->name, .ids = ids, .count = tables[table].count};
    memcpy(set->items, tables[table].items, sizeof tables[table].items);
    set->sql = mirror_text(&batch->mirror, "(SELECT 0 AS o, * FROM %s)", tables[table].name);
}

static void
make_batch(struct batch *batch, uint64_t seed)
{
    *batch = (struct batch){.arena = arena_create(ARENA_SIZE)};
    batch->mirror = (struct mirror){.arena = batch->arena, .dice = {seed}};
    /* Every third batch divides by zero and leaves 128 bits. */
    batch->mirror.failing = seed % 3 == 2;
    batch->with = buf_create(batch->arena, 1 << 20);
    assert_int_equal(vocabulary_create(batch->arena, 7, &batch->vocabulary, NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(tables); i++) {
        if (tables[i].failing == batch->mirror.failing) {
            add_table(batch, i);
        }
    }
    assert_true(buf_ok(&batch->with));
}

static struct trial
make_trial(struct batch *batch)
{
    struct mirror    *mirror = &batch->mirror;
    struct mirror_set pool[MIRROR_POOL_MAX];
    struct trial      trial;

    memcpy(pool, batch->sets, sizeof batch->sets);
    mirror->statements = STR("");
    mirror->definitions = STR("");
    mirror->rulesets = 0;
    mirror->results = 0;
    trial.set = mirror_expression(mirror, pool, batch->count,
                                  1 + (unsigned)dice_below(&mirror->dice, STEPS_MAX));
    trial.script = mirror_text(mirror, "%.*sV := %.*s;\n%.*s", STR_ARG(mirror->statements),
                               STR_ARG(trial.set.vtl), STR_ARG(mirror->definitions));
    return trial;
}

static int
compare_items(const void *a, const void *b)
{
    const struct mirror_item *first = a;
    const struct mirror_item *second = b;

    return str_compare(first->name, second->name);
}

/* The query of one case: its rows as lines, sorted. Null is ~, what failed !. */
static void
put_query(struct batch *batch, struct trial *trial, size_t number, struct buf *out)
{
    static const struct {
        unsigned    id;
        const char *sql;
    } shown[] = {
        {MIRROR_K, "t.k"                              },
        {MIRROR_N, "t.n"                              },
        {MIRROR_Q, "(t.q / 4) || 'Q' || (t.q % 4 + 1)"},
        {MIRROR_R, "t.ruleid"                         },
    };

    qsort(trial->set.items, trial->set.count, sizeof trial->set.items[0], compare_items);
    buf_format(out,
               "%s SELECT %zu AS i, (SELECT coalesce(string_agg(l, E'\\n' ORDER BY l COLLATE"
               " \"C\"), '') FROM (SELECT concat('row'",
               number == 0 ? "" : " UNION ALL", number);
    for (size_t i = 0; i < ARRAY_COUNT(shown); i++) {
        if ((trial->set.ids & shown[i].id) != 0) {
            buf_format(out, ", '|', %s", shown[i].sql);
        }
    }
    for (size_t i = 0; i < trial->set.count; i++) {
        struct str name = trial->set.items[i].name;
        switch (trial->set.items[i].kind) {
        case MIRROR_NUMBER:
            buf_format(out, ", '|', coalesce(replace(trim_scale(t.%.*s)::text, 'NaN', '!'), '~')",
                       STR_ARG(name));
            break;
        case MIRROR_TRUTH:
            buf_format(
                out,
                batch->mirror.failing
                    ? ", '|', CASE trim_scale(t.%.*s)::text WHEN '1' THEN 'true' WHEN '0' THEN"
                      " 'false' WHEN 'NaN' THEN '!' ELSE '~' END"
                    : ", '|', coalesce(t.%.*s::text, '~')",
                STR_ARG(name));
            break;
        case MIRROR_TEXT:
            buf_format(out, ", '|', coalesce(t.%.*s, '~')", STR_ARG(name));
            break;
        }
    }
    buf_format(out, ") AS l FROM %.*s AS t) AS c) AS r", STR_ARG(trial->set.sql));
}

/* All results of a batch, each behind a form feed. */
static struct str
ask(struct batch *batch, struct trial *trials)
{
    struct buf sql = buf_create(batch->arena, 4 << 20);

    buf_append(&sql, STR("SET jit = off; "));
    buf_append(&sql, buf_str(&batch->with));
    buf_append(&sql, STR(" SELECT string_agg(r, E'\\f' ORDER BY i) FROM ("));
    for (size_t i = 0; i < CASES_PER_BATCH; i++) {
        put_query(batch, &trials[i], i, &sql);
    }
    buf_append(&sql, STR(") AS q"));
    buf_byte(&sql, '\0');
    assert_true(buf_ok(&sql));
    return cluster_ask(cluster, batch->arena, "mirror", buf_str(&sql).data);
}

/* Without zeros at the end of the fraction. */
static void
put_number(struct buf *out, amount_wide number, int scale)
{
    char   digits[DIGITS_MAX];
    size_t count = 0;

    for (; scale > 0 && number % 10 == 0; scale--) {
        number /= 10;
    }
    buf_append(out, number < 0 ? STR("-") : STR(""));
    for (int place = 0; number != 0 || place <= scale; place++) {
        if (place == scale && scale > 0) {
            digits[count++] = '.';
        }
        int digit = (int)(number % 10);
        digits[count++] = (char)('0' + (digit < 0 ? -digit : digit));
        number /= 10;
    }
    while (count > 0) {
        buf_byte(out, digits[--count]);
    }
}

static void
put_cell(struct buf *out, const struct relation *relation, size_t component, size_t row)
{
    const struct relation_component *it = &relation->components[component];
    struct relation_value            value = relation_value(relation, component, row);

    buf_byte(out, '|');
    if (value.state != RELATION_PRESENT) {
        buf_byte(out, value.state == RELATION_ABSENT ? '~' : '!');
    } else if (it->type == RELATION_STRING) {
        buf_append(out, vocabulary_text(relation->vocabulary, (uint32_t)value.number));
    } else if (it->type == RELATION_BOOLEAN) {
        buf_append(out, value.number != 0 ? STR("true") : STR("false"));
    } else if (it->type == RELATION_TIME_PERIOD) {
        timespan_write(out, (int64_t)value.number);
    } else {
        put_number(out, value.number, it->scale);
    }
}

/* The components of a result in the order of the query; false: they are others. */
static bool
find_components(const struct mirror_set *set, const struct relation *relation, size_t *numbers,
                size_t *count)
{
    static const struct {
        unsigned   id;
        struct str name;
    } names[] = {
        {MIRROR_K, STR_INIT("k")     },
        {MIRROR_N, STR_INIT("n")     },
        {MIRROR_Q, STR_INIT("q")     },
        {MIRROR_R, STR_INIT("ruleid")},
    };
    bool found = true;

    *count = 0;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if ((set->ids & names[i].id) != 0) {
            size_t at = relation_find(relation, names[i].name);
            found = found && at != RELATION_NONE
                    && relation->components[at].role == RELATION_IDENTIFIER;
            numbers[(*count)++] = at;
        }
    }
    for (size_t i = 0; i < set->count; i++) {
        size_t at = relation_find(relation, set->items[i].name);
        found = found && at != RELATION_NONE && relation->components[at].role == RELATION_MEASURE
                && (set->items[i].kind == MIRROR_TRUTH)
                       == (relation->components[at].type == RELATION_BOOLEAN)
                && (set->items[i].kind == MIRROR_TEXT)
                       == (relation->components[at].type == RELATION_STRING);
        numbers[(*count)++] = at;
    }
    return found && *count == relation->component_count;
}

static int
compare_texts(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The rows of a result as the query has them. */
static struct str
show(struct arena *arena, const struct mirror_set *set, const struct relation *relation)
{
    size_t      numbers[RELATION_COMPONENTS_MAX];
    size_t      count = 0;
    struct str *lines = ARENA_NEW(arena, struct str, relation->row_count + 1);
    struct buf  all = buf_create(arena, 1 << 20);

    if (!find_components(set, relation, numbers, &count)) {
        return STR("other components");
    }
    for (size_t row = 0; row < relation->row_count; row++) {
        struct buf line = buf_create(arena, 4096);
        buf_append(&line, STR("row"));
        for (size_t i = 0; i < count; i++) {
            put_cell(&line, relation, numbers[i], row);
        }
        lines[row] = buf_str(&line);
    }
    qsort(lines, relation->row_count, sizeof *lines, compare_texts);
    for (size_t row = 0; row < relation->row_count; row++) {
        buf_append(&all, row == 0 ? STR("") : STR("\n"));
        buf_append(&all, lines[row]);
    }
    assert_true(buf_ok(&all));
    return buf_str(&all);
}

/* What the engine makes of a script, or what it says. */
static struct str
work_out(struct batch *batch, const struct trial *trial)
{
    struct evaluation_world world = {.vocabulary = batch->vocabulary,
                                     .datasets = batch->datasets,
                                     .dataset_count = batch->count};
    struct evaluation      *evaluation = ARENA_NEW(batch->arena, struct evaluation, 1);
    struct vtl_script      *script = NULL;
    struct vtl_problem      problem = {0};
    enum err                got = vtl_parse(batch->arena, trial->script, &script, &problem, NULL);

    assert_non_null(evaluation);
    if (got == ERR_OK) {
        got = evaluation_run(batch->arena, script, &world, evaluation, &problem, NULL);
    }
    if (got != ERR_OK) {
        return mirror_text(&batch->mirror, "%s %u:%u %s", err_name(got), problem.line,
                           problem.column, problem.text);
    }
    return show(batch->arena, &trial->set,
                &evaluation->results[evaluation->result_count - 1].relation);
}

/* How many cases of the batch differ. */
static size_t
try_batch(uint64_t seed, uint64_t *used, size_t *rows)
{
    struct batch batch;
    struct trial trials[CASES_PER_BATCH];
    size_t       differences = 0;

    make_batch(&batch, seed);
    for (size_t i = 0; i < CASES_PER_BATCH; i++) {
        trials[i] = make_trial(&batch);
    }
    struct str rest = ask(&batch, trials);
    struct str want = {0};
    for (size_t i = 0; i < CASES_PER_BATCH; i++) {
        bool       there = str_cut(&rest, '\f', &want);
        struct str got = work_out(&batch, &trials[i]);
        *rows += there && want.size > 0 ? 1 : 0;
        if (!there || !str_equal(got, want)) {
            differences++;
            print_error("seed %llu, case %zu\n%.*s--- ours\n%.*s\n--- PostgreSQL\n%.*s\n--- %.*s\n",
                        (unsigned long long)seed, i, STR_ARG(trials[i].script), STR_ARG(got),
                        STR_ARG(want), STR_ARG(trials[i].set.sql));
        }
    }
    for (size_t i = 0; i < MIRROR_OPERATORS; i++) {
        used[i] += batch.mirror.used[i];
    }
    arena_destroy(batch.arena);
    return differences;
}

static void
results_are_those_of_postgresql(void **state)
{
    uint64_t used[MIRROR_OPERATORS] = {0};
    size_t   differences = 0;
    size_t   rows = 0;
    size_t   batches = 0;

    (void)state;
    for (uint64_t i = 0; i < BATCHES && differences < 5; i++) {
        uint64_t seed = FIRST_SEED + i;
        if (only_seed == 0 || only_seed == seed) {
            differences += try_batch(seed, used, &rows);
            batches++;
        }
    }
    print_message("%zu cases, %zu with rows, %zu differ\n", batches * CASES_PER_BATCH, rows,
                  differences);
    assert_int_equal(differences, 0);
    for (size_t i = 0; only_seed == 0 && i < MIRROR_OPERATORS; i++) {
        if (used[i] < USES_MIN) {
            print_error("%s was tried %llu times\n", mirror_operator_names[i],
                        (unsigned long long)used[i]);
            fail();
        }
    }
    assert_true(only_seed != 0 || rows * 2 > batches * CASES_PER_BATCH);
}

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    cluster_run(cluster, "postgres", "CREATE DATABASE mirror");
    cluster_run(cluster, "mirror", mirror_functions);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_those_of_postgresql),
    };

    only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    return cmocka_run_group_tests(tests, start, stop);
}
