#include "gateway/setbook/stock.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

/*
 * Lines of stored reports come back cell by cell, whatever the forms of a batch may have. Row i of
 * report r has the codes "r.i.1" to "r.i.8" and the amounts r * 10000 + i * 100 + 1 to ... + 24;
 * cells of odd numbers are null in odd rows.
 */
enum { ARENA_MAX = 64 * 1024 * 1024, REPORTS = 3, ROWS = 4, LINES = 2 * ROWS, NO_LIMIT = 1000 };

static struct cluster *cluster;
static struct arena   *arena;
static struct store   *store;
static struct fault    fault;

static bool
is_null(int row, int number)
{
    return row % 2 != 0 && number % 2 != 0;
}

static void
write_line(struct buf *text, int report, int row)
{
    buf_format(text, "INSERT INTO intake.line VALUES (%d, '%d-03-31', %d", report, 2024 + report,
               row);
    for (int code = 1; code <= COLUMNS_CODES_MAX; code++) {
        buf_format(text, is_null(row, code) ? ", NULL" : ", '%d.%d.%d'", report, row, code);
    }
    for (int slot = 1; slot <= COLUMNS_AMOUNTS_MAX; slot++) {
        buf_format(text, is_null(row, slot) ? ", NULL" : ", %d", report * 10000 + row * 100 + slot);
    }
    buf_append(text, STR(");"));
}

/* Written from the last row to the first: the order is that of the ordinal. */
static void
write_lines(void)
{
    struct buf text = buf_create(arena, 1 << 20);

    for (int report = 1; report <= REPORTS; report++) {
        for (int row = ROWS - 1; row >= 0; row--) {
            write_line(&text, report, row);
        }
    }
    cluster_run(cluster, "stock", buf_str(&text).data);
}

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    arena = arena_create(ARENA_MAX);
    struct store_address address = cluster_database(cluster, "stock");
    assert_int_equal(store_open(arena, &address, STORE_WRITER, &store, &fault), ERR_OK);
    write_lines();
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    cluster_stop(cluster);
    return 0;
}

static void
expect_row(const struct columns *columns, int report, int row, const char *name)
{
    for (int i = 0; i < (int)columns->code_count; i++) {
        struct str want = is_null(row, i + 1) ? (struct str){0}
                                              : str_format(arena, "%d.%d.%d", report, row, i + 1);
        EXPECT(str_equal(columns_code(columns, (size_t)i, (size_t)row), want), name);
    }
    for (int i = 0; i < (int)columns->amount_count; i++) {
        bool present = columns->amount_states[i][row] == CELL_PRESENT;
        EXPECT(present != is_null(row, i + 1), name);
        EXPECT(!present || columns->amounts[i][row] == report * 10000 + row * 100 + i + 1, name);
    }
}

/* A set of the reports 1 to REPORTS; only those of these forms are needed. */
static struct holding
make_holding(const struct form *forms, const bool *needs)
{
    struct holding holding = {.report_count = REPORTS,
                              .reports = ARENA_NEW(arena, struct holding_report, REPORTS),
                              .needs = ARENA_NEW(arena, bool, REPORTS)};

    ENSURE(holding.reports != NULL && holding.needs != NULL);
    for (size_t i = 0; i < REPORTS; i++) {
        holding.needs[i] = needs[i];
        holding.reports[i] = (struct holding_report){
            .report = (int64_t)i + 1,
            .row_count = ROWS,
            .facts = {.form = &forms[i], .period = {.end = {2025 + (int)i, 3, 31}}}
        };
    }
    return holding;
}

static const struct {
    const char *name;
    struct form forms[REPORTS];
    bool        needs[REPORTS];
} cases[] = {
    {"one code, one amount",              {{.code_count = 1, .amount_count = 1}},  {true}},
    {"none of either",                    {{.code_count = 0}},                     {true}},
    {"amounts 11",                        {{.code_count = 5, .amount_count = 11}}, {true}},
    {"amounts 12",                        {{.code_count = 5, .amount_count = 12}}, {true}},
    {"amounts 13",                        {{.code_count = 5, .amount_count = 13}}, {true}},
    {"amounts 15",                        {{.code_count = 4, .amount_count = 15}}, {true}},
    {"amounts 16",                        {{.code_count = 1, .amount_count = 16}}, {true}},
    {"amounts 17",                        {{.code_count = 1, .amount_count = 17}}, {true}},
    {"codes 5",                           {{.code_count = 5, .amount_count = 2}},  {true}},
    {"codes 6",                           {{.code_count = 6, .amount_count = 2}},  {true}},
    {"as many as there may be",           {{.code_count = 8, .amount_count = 24}}, {true}},
    {"the widest comes last",
     {{.code_count = 5, .amount_count = 9},
      {.code_count = 1, .amount_count = 16},
      {.code_count = 8, .amount_count = 24}},
     {true, true, true}                                                                  },
    {"the widest comes first",
     {{.code_count = 8, .amount_count = 3},
      {.code_count = 1, .amount_count = 16},
      {.code_count = 5, .amount_count = 9}},
     {true, true, true}                                                                  },
    {"one wide in codes, one in amounts",
     {{.code_count = 8, .amount_count = 1},
      {.code_count = 0},
      {.code_count = 1, .amount_count = 24}},
     {true, false, true}                                                                 },
    {"the widest is not needed",
     {{.code_count = 5, .amount_count = 9},
      {.code_count = 8, .amount_count = 24},
      {.code_count = 4, .amount_count = 11}},
     {true, false, true}                                                                 },
};

static void
lines_come_back_cell_by_cell(void **state)
{
    const struct setbook_tools tools = {.store = store};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct holding           holding = make_holding(cases[i].forms, cases[i].needs);
        bool                     left = true;
        const struct stock_want  want = {&holding, &left};
        const struct stock_wants wants = {&want, 1, NO_LIMIT};
        EXPECT(stock_fetch(&tools, arena, &(struct stock){0}, &wants, &fault) == ERR_OK,
               cases[i].name);
        EXPECT(!left, cases[i].name);
        for (size_t j = 0; j < REPORTS; j++) {
            const struct columns *columns = holding.reports[j].facts.columns;
            EXPECT((columns != NULL) == cases[i].needs[j], cases[i].name);
            EXPECT(columns == NULL || columns->row_count == ROWS, cases[i].name);
            for (int row = 0; columns != NULL && row < ROWS; row++) {
                expect_row(columns, (int)j + 1, row, cases[i].name);
            }
        }
    }
}

/* Within the bound or not at all. */
static void
what_does_not_fit_is_left(void **state)
{
    static const struct form form[REPORTS] = {
        {.code_count = 5,    .amount_count = 9},
        {.code_count = 5,                  .amount_count = 9},
        {.code_count = 0}
    };
    static const struct {
        int64_t lines_max;
        bool    left;
    } bounds[] = {
        {0,         true },
        {LINES - 1, true },
        {LINES,     false},
        {LINES + 1, false}
    };
    const struct setbook_tools tools = {.store = store};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bounds); i++) {
        struct holding           holding = make_holding(form, (const bool[]){true, true, false});
        bool                     left = false;
        const struct stock_want  want = {&holding, &left};
        const struct stock_wants wants = {&want, 1, bounds[i].lines_max};
        assert_int_equal(stock_fetch(&tools, arena, &(struct stock){0}, &wants, &fault), ERR_OK);
        assert_int_equal(left, bounds[i].left);
        assert_int_equal(holding.reports[0].facts.columns == NULL, bounds[i].left);
        assert_int_equal(holding.reports[1].facts.columns == NULL, bounds[i].left);
        assert_null(holding.reports[2].facts.columns);
    }
}

/* A report without lines, or one that is not there, has columns without rows. */
static void
a_report_without_lines_has_none(void **state)
{
    static const struct form form[REPORTS] = {
        {.code_count = 5,    .amount_count = 9},
        {.code_count = 5,                  .amount_count = 9},
        {.code_count = 0}
    };
    const struct setbook_tools tools = {.store = store};
    struct holding             holding = make_holding(form, (const bool[]){true, true, false});
    bool                       left = true;
    const struct stock_want    want = {&holding, &left};
    const struct stock_wants   wants = {&want, 1, NO_LIMIT};

    (void)state;
    holding.reports[0].report = 77;
    assert_int_equal(stock_fetch(&tools, arena, &(struct stock){0}, &wants, &fault), ERR_OK);
    assert_int_equal(holding.reports[0].facts.columns->row_count, 0);
    assert_int_equal(holding.reports[1].facts.columns->row_count, ROWS);
    expect_row(holding.reports[1].facts.columns, 2, 1, "the other one");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_back_cell_by_cell),
        cmocka_unit_test(what_does_not_fit_is_left),
        cmocka_unit_test(a_report_without_lines_has_none),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
