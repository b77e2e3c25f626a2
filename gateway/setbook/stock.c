#include "gateway/setbook/stock.h"

#include <stdlib.h>

struct stock_report {
    int64_t               report;
    const struct columns *columns;
};

enum { LINE_AT, LINE_CODES };

/*
 * Columns that are null in every line cost half of what reading lines costs: as many are asked for
 * as the forms of a batch may have. Constants, because a statement is prepared by its address.
 */
/* clang-format off */
#define LINES(columns) \
    "SELECT q.at, " columns " " \
    "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) q (at, report, days) " \
    "JOIN intake.line l ON l.report = q.report AND l.period_end = DATE 'epoch' + q.days::integer " \
    "ORDER BY q.at, l.ordinal"
#define CODES_5    "l.c1, l.c2, l.c3, l.c4, l.c5"
#define CODES_8    CODES_5 ", l.c6, l.c7, l.c8"
#define AMOUNTS_12 "l.a1, l.a2, l.a3, l.a4, l.a5, l.a6, l.a7, l.a8, l.a9, l.a10, l.a11, l.a12"
#define AMOUNTS_16 AMOUNTS_12 ", l.a13, l.a14, l.a15, l.a16"
#define AMOUNTS_24 AMOUNTS_16 ", l.a17, l.a18, l.a19, l.a20, l.a21, l.a22, l.a23, l.a24"
/* clang-format on */

struct extent {
    size_t      codes;
    size_t      amounts;
    const char *sql;
};

/* The first that holds a form is taken. */
static const struct extent extents[] = {
    {5,                 12,                  LINES(CODES_5 ", " AMOUNTS_12)},
    {5,                 16,                  LINES(CODES_5 ", " AMOUNTS_16)},
    {COLUMNS_CODES_MAX, COLUMNS_AMOUNTS_MAX, LINES(CODES_8 ", " AMOUNTS_24)},
};

_Static_assert(COLUMNS_CODES_MAX == 8 && COLUMNS_AMOUNTS_MAX == 24, "the last extent holds all");

static int
compare_reports(const void *left, const void *right)
{
    const struct stock_report *a = left;
    const struct stock_report *b = right;

    return (a->report > b->report) - (a->report < b->report);
}

enum err
stock_of_batch(struct arena *arena, const struct concluding *items, const struct places *places,
               struct stock *out, struct fault *fault)
{
    struct stock_report *list = ARENA_NEW(arena, struct stock_report, places->member_count + 1);

    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports of sets", places->member_count);
    }
    for (size_t i = 0; i < places->member_count; i++) {
        const struct concluding *item = &items[places->members[i].item];
        size_t                   ordinal = places->members[i].ordinal;
        list[i] = (struct stock_report){item->filed[ordinal].report,
                                        &item->decided->reports[ordinal].report->columns};
    }
    qsort(list, places->member_count, sizeof *list, compare_reports);
    *out = (struct stock){.items = list, .count = places->member_count};
    return ERR_OK;
}

static const struct columns *
columns_in_memory(const struct stock *stock, int64_t report)
{
    const struct stock_report  wanted = {.report = report};
    const struct stock_report *found =
        stock->count == 0
            ? NULL
            : bsearch(&wanted, stock->items, stock->count, sizeof wanted, compare_reports);

    return found == NULL ? NULL : found->columns;
}

/* The needed reports that are not in memory, as arrays for the statement. */
struct questions {
    struct holding_report **asked;
    int64_t                *at;
    int64_t                *reports;
    int64_t                *days;
    size_t                  count;
};

static enum err
make_questions(struct arena *arena, const struct stock_wants *wants, struct questions *out,
               struct fault *fault)
{
    size_t room = 1;

    for (size_t i = 0; i < wants->count; i++) {
        room += wants->items[i].holding->report_count;
    }
    *out = (struct questions){.asked = ARENA_NEW(arena, struct holding_report *, room),
                              .at = ARENA_NEW(arena, int64_t, room),
                              .reports = ARENA_NEW(arena, int64_t, room),
                              .days = ARENA_NEW(arena, int64_t, room)};
    return out->asked == NULL || out->at == NULL || out->reports == NULL || out->days == NULL
               ? FAIL(fault, ERR_MEMORY, "lines of %zu reports", room)
               : ERR_OK;
}

static int64_t
lines_needed(const struct holding *holding)
{
    int64_t lines = 0;

    for (size_t i = 0; i < holding->report_count; i++) {
        lines += holding->needs[i] ? holding->reports[i].row_count : 0;
    }
    return lines;
}

static void
add_questions(const struct stock *stock, struct holding *holding, struct questions *out)
{
    for (size_t i = 0; i < holding->report_count; i++) {
        struct holding_report *report = &holding->reports[i];
        if (!holding->needs[i]) {
            continue;
        }
        report->facts.columns = columns_in_memory(stock, report->report);
        if (report->facts.columns == NULL) {
            out->asked[out->count] = report;
            out->at[out->count] = (int64_t)out->count;
            out->reports[out->count] = report->report;
            out->days[out->count] = date_days(report->facts.period.end);
            out->count++;
        }
    }
}

/* Lines as the store told them, in runs of one report. */
struct lines {
    const struct extent *extent;
    struct store_rows    rows;
    size_t               next;
};

static bool
take_line(const struct lines *lines, const struct form *form, struct columns *columns)
{
    const struct store_rows *rows = &lines->rows;
    size_t                   row = lines->next;
    bool                     ok = columns_add_row(columns, 0);

    for (size_t i = 0; i < form->code_count && ok; i++) {
        if (!store_is_null(rows, row, LINE_CODES + i)) {
            ok = columns_set_code(columns, i, CELL_PRESENT, store_text(rows, row, LINE_CODES + i),
                                  0);
        }
    }
    for (size_t i = 0; i < form->amount_count && ok; i++) {
        size_t column = LINE_CODES + lines->extent->codes + i;
        if (!store_is_null(rows, row, column)) {
            columns_set_amount(columns, i, CELL_PRESENT, store_number(rows, row, column), 0);
        }
    }
    return ok;
}

/* A report without lines has columns without rows. */
static enum err
take_report(struct arena *arena, struct lines *lines, struct holding_report *report, int64_t at,
            struct fault *fault)
{
    const struct form *form = report->facts.form;
    struct columns    *columns = ARENA_NEW(arena, struct columns, 1);

    if (columns == NULL || !columns_create(arena, form->code_count, form->amount_count, columns)) {
        return FAIL(fault, ERR_MEMORY, "columns of a report");
    }
    while (lines->next < store_row_count(&lines->rows)
           && store_number(&lines->rows, lines->next, LINE_AT) == at) {
        if (!take_line(lines, form, columns)) {
            return FAIL(fault, ERR_MEMORY, "lines of a report");
        }
        lines->next++;
    }
    report->facts.columns = columns;
    return ERR_OK;
}

static const struct extent *
extent_of(const struct questions *asked)
{
    const struct extent *extent = extents;

    for (size_t i = 0; i < asked->count; i++) {
        const struct form *form = asked->asked[i]->facts.form;
        while (extent->codes < form->code_count || extent->amounts < form->amount_count) {
            extent++;
        }
    }
    return extent;
}

enum err
stock_fetch(const struct setbook_tools *tools, struct arena *arena, const struct stock *stock,
            const struct stock_wants *wants, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct questions        asked = {0};
    int64_t                 count = 0;

    TRY(make_questions(arena, wants, &asked, fault));
    for (size_t i = 0; i < wants->count; i++) {
        const struct stock_want *want = &wants->items[i];
        int64_t                  more = lines_needed(want->holding);
        *want->left = count + more > wants->lines_max;
        if (!*want->left) {
            count += more;
            add_questions(stock, want->holding, &asked);
        }
    }
    if (asked.count == 0) {
        return ERR_OK;
    }
    store_put_numbers(&parameters, asked.at, asked.count);
    store_put_numbers(&parameters, asked.reports, asked.count);
    store_put_numbers(&parameters, asked.days, asked.count);
    struct lines lines = {.extent = extent_of(&asked)};
    TRY(store_run(tools->store, lines.extent->sql, &parameters, arena, &lines.rows, fault));
    for (size_t i = 0; i < asked.count; i++) {
        TRY(take_report(arena, &lines, asked.asked[i], asked.at[i], fault));
    }
    return ERR_OK;
}
