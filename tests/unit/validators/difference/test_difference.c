#include "tests/support/expect.h"
#include "validators/difference/difference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MEBIBYTE = 1024 * 1024 };

/* clang-format off */
static const struct form_code codes[] = {
    {.name = STR_INIT("Dzial"),    .title = STR_INIT("Dział"),    .label = STR_INIT("dz."), .key = true },
    {.name = STR_INIT("Paragraf"), .title = STR_INIT("Paragraf"), .label = STR_INIT("§"),  .key = true },
    {.name = STR_INIT("Opis"),     .title = STR_INIT("Opis"),     .label = STR_INIT("opis")            },
};
/* clang-format on */

static const struct form_amount amounts[] = {
    {.name = STR_INIT("PL"), .title = STR_INIT("Plan"),      .scale = 2},
    {.name = STR_INIT("WW"), .title = STR_INIT("Wykonanie"), .scale = 2},
};

static const struct form form = {.codes = codes,
                                 .code_count = ARRAY_COUNT(codes),
                                 .amounts = amounts,
                                 .amount_count = ARRAY_COUNT(amounts)};

/* "801 069 x 100 -5; ...": cells of positions; "-" is absent, "?" cannot be read. */
static void
put_cell(struct columns *columns, size_t cell, struct str text)
{
    bool            absent = str_equal(text, STR("-"));
    enum cell_state state = absent                      ? CELL_ABSENT
                            : str_equal(text, STR("?")) ? CELL_UNKNOWN
                                                        : CELL_PRESENT;

    if (cell < ARRAY_COUNT(codes)) {
        assert_true(columns_set_code(columns, cell, state, text, 1));
        return;
    }
    char    number[AMOUNT_TEXT_MAX] = "0";
    int64_t amount = 0;
    if (state == CELL_PRESENT) {
        memcpy(number, text.data, text.size);
        number[text.size] = '\0';
        amount = strtoll(number, NULL, 10);
    }
    columns_set_amount(columns, cell - ARRAY_COUNT(codes), state, amount, 1);
}

static struct columns
make_columns(struct arena *arena, const char *text)
{
    struct columns columns = {0};
    struct str     rest = str_of(text);
    struct str     row = {0};

    assert_true(columns_create(arena, form.code_count, form.amount_count, &columns));
    while (text[0] != '\0' && str_cut(&rest, ';', &row)) {
        struct str cell = {0};
        row = str_trim(row);
        assert_true(columns_add_row(&columns, 1));
        for (size_t i = 0; str_cut(&row, ' ', &cell); i++) {
            put_cell(&columns, i, cell);
        }
    }
    return columns;
}

static void
write_amount(struct buf *out, enum cell_state state, int64_t amount)
{
    if (state == CELL_PRESENT) {
        buf_format(out, "%" PRId64, amount);
    } else {
        buf_append(out, state == CELL_ABSENT ? STR("-") : STR("?"));
    }
}

static void
write_code(struct buf *out, enum cell_state state, struct str text)
{
    static const struct str others[] = {
        [CELL_ABSENT] = STR_INIT("-"), [CELL_UNKNOWN] = STR_INIT("?")};

    buf_append(out, state == CELL_PRESENT ? text : others[state]);
}

static void
write_cell(struct buf *out, const struct difference *it, const struct difference_row *row,
           const struct difference_cell *cell)
{
    if (!cell->is_amount) {
        buf_format(out, " %s ", codes[cell->column].name.data);
        write_code(out, cell->before, difference_code(it->before, cell->column, row->before));
        buf_append(out, STR(">"));
        write_code(out, cell->after, difference_code(it->after, cell->column, row->after));
        return;
    }
    buf_format(out, " %s ", amounts[cell->column].name.data);
    write_amount(out, cell->before, cell->before_amount);
    buf_append(out, STR(">"));
    write_amount(out, cell->after, cell->after_amount);
    if (cell->known) {
        buf_format(out, "=%" PRId64, cell->difference);
    }
}

/* "~2>1 dz. 801, § 069 PL 1>2=1|...": a row from 1 on each side. */
static struct str
describe(struct arena *arena, const struct difference *it)
{
    static const char kinds[] = {
        [DIFFERENCE_CHANGED] = '~', [DIFFERENCE_ADDED] = '+', [DIFFERENCE_REMOVED] = '-'};
    struct buf out = buf_create(arena, MEBIBYTE);

    for (size_t i = 0; i < it->row_count; i++) {
        const struct difference_row *row = &it->rows[i];
        struct str                   place = difference_place(arena, it, row);
        buf_format(&out, "%s%c%zu>%zu %.*s", i == 0 ? "" : "|", kinds[row->kind], row->before + 1,
                   row->after + 1, STR_ARG(place));
        for (size_t j = 0; j < row->cell_count; j++) {
            write_cell(&out, it, row, &row->cells[j]);
        }
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *before;
    const char *after;
    const char *wanted;
    size_t      same, changed, added, removed;
} cases[] = {
    {"both empty", "", "", "", 0, 0, 0, 0},
    {"equal", "801 069 - 100 5", "801 069 - 100 5", "", 1, 0, 0, 0},
    {"one amount", "801 069 - 100 5", "801 069 - 100 7", "~1>1 dz. 801, § 069 WW 5>7=2", 0, 1, 0, 0},
    {"two amounts in the order of the form", "801 069 - 1 5", "801 069 - 3 -5",
     "~1>1 dz. 801, § 069 PL 1>3=2 WW 5>-5=-10", 0, 1, 0, 0},
    {"first version empty", "", "801 069 - 100 0", "+0>1 dz. 801, § 069 PL ->100=100", 0, 0, 1, 0},
    {"second version empty", "801 069 - 100 -", "", "-1>0 dz. 801, § 069 PL 100>-=-100", 0, 0, 0, 1},
    {"added with nothing but zeros", "", "801 069 - 0 -", "+0>1 dz. 801, § 069", 0, 0, 1, 0},
    {"absent is zero", "801 069 - 0 -", "801 069 - - 0", "", 1, 0, 0, 0},
    {"absent becomes an amount", "801 069 - - -", "801 069 - - 7", "~1>1 dz. 801, § 069 WW ->7=7", 0, 1, 0, 0},
    {"an amount disappears", "801 069 - - 7", "801 069 - - -", "~1>1 dz. 801, § 069 WW 7>-=-7", 0, 1, 0, 0},
    {"rows in another order", "801 069 - 1 1; 900 049 - 2 2; 750 097 - 3 3",
     "750 097 - 3 3; 801 069 - 1 1; 900 049 - 2 2", "", 3, 0, 0, 0},
    {"told by key, whatever the order of the rows", "900 049 - 1 -; 801 069 - 1 -", "801 069 - 2 -; 900 049 - 2 -",
     "~2>1 dz. 801, § 069 PL 1>2=1|~1>2 dz. 900, § 049 PL 1>2=1", 0, 2, 0, 0},
    {"another key is another position", "801 069 - 1 -", "801 092 - 1 -",
     "-1>0 dz. 801, § 069 PL 1>-=-1|+0>1 dz. 801, § 092 PL ->1=1", 0, 0, 1, 1},
    {"an absent key comes first", "801 069 - 1 -", "801 - - 1 -; 801 069 - 2 -",
     "+0>1 dz. 801 PL ->1=1|~1>2 dz. 801, § 069 PL 1>2=1", 0, 1, 1, 0},
    {"duplicates that are the same", "801 069 - 1 -; 801 069 - 1 -", "801 069 - 1 -; 801 069 - 1 -", "", 2, 0, 0, 0},
    {"duplicates in another order", "801 069 - 1 -; 801 069 - 2 -", "801 069 - 2 -; 801 069 - 1 -", "", 2, 0, 0, 0},
    {"one of duplicates changed", "801 069 - 1 -; 801 069 - 2 -", "801 069 - 9 -; 801 069 - 1 -",
     "~2>1 dz. 801, § 069 PL 2>9=7", 1, 1, 0, 0},
    {"one of duplicates removed", "801 069 - 1 -; 801 069 - 1 -; 801 069 - 2 -", "801 069 - 2 -; 801 069 - 1 -",
     "-2>0 dz. 801, § 069 PL 1>-=-1", 2, 0, 0, 1},
    {"a third beside duplicates", "801 069 - 1 -; 801 069 - 2 -", "801 069 - 5 -; 801 069 - 4 -; 801 069 - 3 -",
     "~1>1 dz. 801, § 069 PL 1>5=4|~2>2 dz. 801, § 069 PL 2>4=2|+0>3 dz. 801, § 069 PL ->3=3", 0, 2, 1, 0},
    {"a code that is no key", "801 069 a 1 -", "801 069 b 1 -", "~1>1 dz. 801, § 069 Opis a>b", 0, 1, 0, 0},
    {"a code that is no key disappears", "801 069 a 1 -", "801 069 - 1 -", "~1>1 dz. 801, § 069 Opis a>-", 0, 1, 0, 0},
    {"codes before amounts", "801 069 a 1 -", "801 069 b 2 -", "~1>1 dz. 801, § 069 Opis a>b PL 1>2=1", 0, 1, 0, 0},
    {"an added position tells its codes", "", "801 069 b 2 -", "+0>1 dz. 801, § 069 Opis ->b PL ->2=2", 0, 0, 1, 0},
    {"cannot be read before", "801 069 - ? -", "801 069 - 1 -", "~1>1 dz. 801, § 069 PL ?>1", 0, 1, 0, 0},
    {"cannot be read after", "801 069 - 1 -", "801 069 - ? -", "~1>1 dz. 801, § 069 PL 1>?", 0, 1, 0, 0},
    {"cannot be read at all", "801 069 - ? -", "801 069 - ? -", "~1>1 dz. 801, § 069 PL ?>?", 0, 1, 0, 0},
    {"what cannot be read is never 0", "801 069 - ? -", "801 069 - - -", "~1>1 dz. 801, § 069 PL ?>-", 0, 1, 0, 0},
    {"a key that cannot be read", "801 ? - 1 -", "801 ? - 1 -", "~1>1 dz. 801 Paragraf ?>?", 0, 1, 0, 0},
    {"the largest amounts", "801 069 - 99999999999999999 -", "801 069 - -99999999999999999 -",
     "~1>1 dz. 801, § 069 PL 99999999999999999>-99999999999999999=-199999999999999998", 0, 1, 0, 0},
    {"the largest difference that can be told", "801 069 - -1 -", "801 069 - 9223372036854775806 -",
     "~1>1 dz. 801, § 069 PL -1>9223372036854775806=9223372036854775807", 0, 1, 0, 0},
    {"one more is told without a difference", "801 069 - -1 -", "801 069 - 9223372036854775807 -",
     "~1>1 dz. 801, § 069 PL -1>9223372036854775807", 0, 1, 0, 0},
};
/* clang-format on */

static void
differences_are_as_in_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena     *arena = arena_create((size_t)4 * MEBIBYTE);
        struct columns    before = make_columns(arena, cases[i].before);
        struct columns    after = make_columns(arena, cases[i].after);
        struct difference it = {0};
        struct fault      fault = {0};

        EXPECT(difference_make(arena, &form, &before, &after, &it, &fault) == ERR_OK,
               cases[i].name);
        struct str told = describe(arena, &it);
        if (!str_equal(told, str_of(cases[i].wanted))) {
            fail_msg("%s: %.*s", cases[i].name, STR_ARG(told));
        }
        EXPECT(it.same == cases[i].same, cases[i].name);
        EXPECT(it.changed == cases[i].changed, cases[i].name);
        EXPECT(it.added == cases[i].added, cases[i].name);
        EXPECT(it.removed == cases[i].removed, cases[i].name);
        EXPECT(it.not_listed == 0, cases[i].name);
        arena_destroy(arena);
    }
}

/* Every change back is the change, negated, wherever it can be told. */
static void
the_way_back_is_the_way_there_negated(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena     *arena = arena_create((size_t)4 * MEBIBYTE);
        struct columns    before = make_columns(arena, cases[i].before);
        struct columns    after = make_columns(arena, cases[i].after);
        struct difference there = {0};
        struct difference back = {0};
        struct fault      fault = {0};

        EXPECT(difference_make(arena, &form, &before, &after, &there, &fault) == ERR_OK,
               cases[i].name);
        EXPECT(difference_make(arena, &form, &after, &before, &back, &fault) == ERR_OK,
               cases[i].name);
        EXPECT(there.added == back.removed && there.removed == back.added, cases[i].name);
        EXPECT(there.changed == back.changed && there.same == back.same, cases[i].name);
        for (size_t t = 0; t < form.amount_count; t++) {
            EXPECT(!there.totals[t].known
                       || there.totals[t].difference == -back.totals[t].difference,
                   cases[i].name);
        }
        arena_destroy(arena);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    const char *before;
    const char *after;
    bool        known;
    int64_t     sum_before, sum_after, difference;
} sums[] = {
    {"both empty",         "",                                                          "",                   true,  0,         0,         0},
    {"absent is zero",     "801 069 - 5 -; 801 092 - - -",                              "801 069 - 7 -",      true,  5,         7,         2},
    {"cannot be read",     "801 069 - ? -",                                             "801 069 - 7 -",      false, 0,         0,         0},
    {"the largest sum",    "801 069 - 9223372036854775807 -; 801 092 - 1 -; 900 0 - -1 -", "",                true,  INT64_MAX, 0,         -INT64_MAX},
    {"a sum out of range", "801 069 - 9223372036854775807 -; 801 092 - 1 -",            "",                   false, 0,         0,         0},
    {"their difference out of range", "801 069 - -9223372036854775807 -",               "801 069 - 2 -",      false, 0,         0,         0},
};
/* clang-format on */

static void
totals_are_exact_or_not_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sums); i++) {
        struct arena     *arena = arena_create((size_t)4 * MEBIBYTE);
        struct columns    before = make_columns(arena, sums[i].before);
        struct columns    after = make_columns(arena, sums[i].after);
        struct difference it = {0};
        struct fault      fault = {0};

        EXPECT(difference_make(arena, &form, &before, &after, &it, &fault) == ERR_OK, sums[i].name);
        EXPECT(it.totals[0].known == sums[i].known, sums[i].name);
        if (sums[i].known) {
            EXPECT(it.totals[0].before == sums[i].sum_before, sums[i].name);
            EXPECT(it.totals[0].after == sums[i].sum_after, sums[i].name);
            EXPECT(it.totals[0].difference == sums[i].difference, sums[i].name);
        }
        arena_destroy(arena);
    }
}

/* So many positions of one cell each, all with the same key or each with its own. */
static struct columns
make_many(struct arena *arena, size_t count, bool one_key, int64_t amount)
{
    struct columns columns = {0};
    char           text[24];

    assert_true(columns_create(arena, form.code_count, form.amount_count, &columns));
    for (size_t i = 0; i < count; i++) {
        size_t number = one_key ? 0 : i * 7919 % count; /* a prime: not in the order of keys */
        assert_true(columns_add_row(&columns, 1));
        (void)snprintf(text, sizeof text, "%06zu", number);
        assert_true(columns_set_code(&columns, 0, CELL_PRESENT, str_of(text), 1));
        columns_set_amount(&columns, 0, CELL_PRESENT, amount, 1);
    }
    return columns;
}

static void
more_positions_than_the_limit_are_refused(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct arena     *arena = arena_create((size_t)512 * MEBIBYTE);
        struct columns    none = make_many(arena, 0, true, 0);
        struct columns    many = make_many(arena, DIFFERENCE_ROWS_MAX + over, true, 1);
        struct difference it = {0};
        struct fault      fault = {0};
        enum err          wanted = over == 0 ? ERR_OK : ERR_LIMIT;

        EXPECT(difference_make(arena, &form, &none, &many, &it, &fault) == wanted, "added");
        EXPECT(over == 0 || it.form == NULL, "out untouched");
        EXPECT(difference_make(arena, &form, &many, &none, &it, &fault) == wanted, "removed");
        arena_destroy(arena);
    }
}

static void
cells_beyond_the_limit_are_counted(void **state)
{
    static const size_t counts[] = {DIFFERENCE_CELLS_MAX - 1, DIFFERENCE_CELLS_MAX,
                                    DIFFERENCE_CELLS_MAX + 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        struct arena     *arena = arena_create((size_t)512 * MEBIBYTE);
        struct columns    before = make_many(arena, counts[i], false, 1);
        struct columns    after = make_many(arena, counts[i], false, 2);
        struct difference it = {0};
        struct fault      fault = {0};

        EXPECT(difference_make(arena, &form, &before, &after, &it, &fault) == ERR_OK, "made");
        EXPECT(it.changed == counts[i], "all are counted");
        EXPECT(it.row_count + it.not_listed == counts[i], "each is listed or counted");
        EXPECT(it.not_listed == (counts[i] > DIFFERENCE_CELLS_MAX ? 1 : 0), "only those beyond");
        EXPECT(it.totals[0].difference == (int64_t)counts[i], "the total is of all");
        arena_destroy(arena);
    }
}

static void
a_full_arena_is_an_error_and_nothing_else(void **state)
{
    static const char text[] = "801 069 a 1 2; 900 049 b 3 4; 801 069 a 5 6";
    struct arena     *source = arena_create(MEBIBYTE);
    struct columns    before = make_columns(source, "801 069 a 1 3; 750 097 b 3 4");
    struct columns    after = make_columns(source, text);
    bool              made = false;

    (void)state;
    for (size_t size = 0; size <= 8192 && !made; size += 16) {
        struct arena     *arena = arena_create(size);
        struct difference it = {0};
        struct fault      fault = {0};
        enum err          got = difference_make(arena, &form, &before, &after, &it, &fault);

        made = got == ERR_OK;
        EXPECT(got == ERR_OK || got == ERR_MEMORY, "the only error");
        EXPECT(made || it.form == NULL, "out untouched");
        arena_destroy(arena);
    }
    EXPECT(made, "8 KiB are enough");
    arena_destroy(source);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_as_in_the_table),
        cmocka_unit_test(the_way_back_is_the_way_there_negated),
        cmocka_unit_test(totals_are_exact_or_not_told),
        cmocka_unit_test(more_positions_than_the_limit_are_refused),
        cmocka_unit_test(cells_beyond_the_limit_are_counted),
        cmocka_unit_test(a_full_arena_is_an_error_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
