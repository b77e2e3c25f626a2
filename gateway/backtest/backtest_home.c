#include "gateway/backtest/backtest_home.h"

#include "validators/sets/scheme.h"

#include <stdlib.h>

enum column {
    COLUMN_JST,
    COLUMN_DAYS,
    COLUMN_TYPE,
    COLUMN_KIND,
    COLUMN_REGION,
    COLUMN_REPORT,
    COLUMN_UNIT,
    COLUMN_FORM,
    COLUMN_LEVEL,
    COLUMN_YEAR,
    COLUMN_NUMBER,
    COLUMN_STRICT,
};

/* A few JST and periods behind the last, with the reports of the span; one without any comes as a
 * row without a report, so that the end is told from it. */
static const char next_sql[] =
    "WITH home AS MATERIALIZED ("
    "    SELECT m.jst, m.period_end, m.period_type FROM intake.set_member m "
    "    WHERE (m.jst, m.period_end, m.period_type)"
    "        > ($1, DATE 'epoch' + $2::bigint::integer, $3) "
    "    GROUP BY m.jst, m.period_end, m.period_type ORDER BY 1, 2, 3 LIMIT 16) "
    "SELECT h.jst, (h.period_end - DATE 'epoch')::bigint, h.period_type, j.kind, j.wk, x.* "
    "FROM home h "
    "LEFT JOIN LATERAL ("
    "    SELECT coalesce(registry.government(u.gt, u.pt), u.kind) AS kind, u.wk"
    "    FROM registry.units_at(h.period_end) u WHERE u.unit = h.jst) j ON true "
    "LEFT JOIN LATERAL ("
    "    SELECT r.report, r.unit, r.form, r.level, r.year, r.period_number, s.strict"
    "    FROM intake.set_member m JOIN intake.report r USING (report)"
    "    JOIN intake.submission s USING (submission)"
    "    WHERE m.jst = h.jst AND m.period_end = h.period_end AND m.period_type = h.period_type"
    "        AND upper_inf(r.in_force) AND s.arrived >= $4 AND s.arrived < $5 OFFSET 0) x ON true "
    "ORDER BY 1, 2, 3, x.unit, x.report";

static int
compare_members(const void *left, const void *right)
{
    const struct backtest_home_member *a = left;
    const struct backtest_home_member *b = right;

    if (a->unit != b->unit) {
        return a->unit < b->unit ? -1 : 1;
    }
    return (a->report > b->report) - (a->report < b->report);
}

struct backtest_home_member *
backtest_home_find(const struct backtest_home *home, int64_t unit, int64_t report)
{
    const struct backtest_home_member wanted = {.report = report, .unit = unit};

    return bsearch(&wanted, home->members, home->member_count, sizeof wanted, compare_members);
}

static bool
find_period(const struct catalogue *catalogue, const struct store_rows *rows, size_t row,
            struct period *out)
{
    const struct period_type *type =
        catalogue_period_type(catalogue, store_text(rows, row, COLUMN_TYPE));

    return type != NULL
           && catalogue_period_at(type, (int)store_number(rows, row, COLUMN_YEAR),
                                  (int)store_number(rows, row, COLUMN_NUMBER), out);
}

/* Rows from .. to - 1 are of one JST and period. */
static enum err
take_home(const struct backtest_home_cursor *cursor, struct arena *arena,
          const struct store_rows *rows, size_t from, size_t to, struct backtest_home *out)
{
    *out = (struct backtest_home){
        .jst = store_number(rows, from, COLUMN_JST),
        .known = true,
        .holder = {store_text(rows, from, COLUMN_KIND), store_text(rows, from, COLUMN_REGION)},
        .members = ARENA_NEW(arena, struct backtest_home_member, to - from),
        .spots = ARENA_NEW(arena, struct backtest_home_spot, to - from + 1)
    };
    if (out->members == NULL || out->spots == NULL) {
        return ERR_MEMORY;
    }
    for (int side = 0; side < BACKTEST_HOME_SIDES; side++) {
        out->known = out->known
                     && find_period(cursor->tools[side].catalogue, rows, from, &out->periods[side]);
    }
    for (size_t i = from; i < to; i++) {
        out->members[out->member_count++] =
            (struct backtest_home_member){.report = store_number(rows, i, COLUMN_REPORT),
                                          .unit = store_number(rows, i, COLUMN_UNIT),
                                          .form = store_text(rows, i, COLUMN_FORM),
                                          .level = store_text(rows, i, COLUMN_LEVEL),
                                          .strict = store_truth(rows, i, COLUMN_STRICT)};
    }
    return ERR_OK;
}

/* Whether the report is read by a set of its own period, of this scope, on either side. */
static bool
touches(const struct backtest_home_cursor *cursor, const struct backtest_home *home,
        const struct backtest_home_member *member, enum sets_scope scope)
{
    struct sets_key keys[SETS_TOUCHED_MAX];

    for (int side = 0; side < BACKTEST_HOME_SIDES; side++) {
        size_t count = sets_touched(cursor->tools[side].sets, member->form, member->level,
                                    &home->periods[side], keys);
        for (size_t i = 0; i < count; i++) {
            if (keys[i].scope == scope
                && scheme_same_period(&keys[i].period, &home->periods[side])) {
                return true;
            }
        }
    }
    return false;
}

static void
add_spot(struct backtest_home *home, int64_t owner, enum sets_scope scope)
{
    const struct backtest_home_spot *last =
        home->spot_count == 0 ? NULL : &home->spots[home->spot_count - 1];

    if (last == NULL || last->owner != owner || last->scope != scope) {
        home->spots[home->spot_count++] = (struct backtest_home_spot){owner, scope};
    }
}

static void
find_spots(const struct backtest_home_cursor *cursor, struct backtest_home *home)
{
    for (size_t i = 0; i < home->member_count && home->spot_count == 0; i++) {
        if (touches(cursor, home, &home->members[i], SETS_OF_JST)) {
            add_spot(home, home->jst, SETS_OF_JST);
        }
    }
    for (size_t i = 0; i < home->member_count; i++) {
        if (touches(cursor, home, &home->members[i], SETS_OF_UNIT)) {
            add_spot(home, home->members[i].unit, SETS_OF_UNIT);
        }
    }
}

static bool
is_same_home(const struct store_rows *rows, size_t a, size_t b)
{
    return store_number(rows, a, COLUMN_JST) == store_number(rows, b, COLUMN_JST)
           && store_number(rows, a, COLUMN_DAYS) == store_number(rows, b, COLUMN_DAYS)
           && str_equal(store_text(rows, a, COLUMN_TYPE), store_text(rows, b, COLUMN_TYPE));
}

/* A home without a report of the span is left out. */
static enum err
take_homes(const struct backtest_home_cursor *cursor, struct arena *arena,
           const struct store_rows *rows, struct backtest_homes *out, struct fault *fault)
{
    size_t count = store_row_count(rows);
    size_t to = 0;

    out->items = ARENA_NEW(arena, struct backtest_home, count + 1);
    if (out->items == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t from = 0; from < count; from = to) {
        struct backtest_home *home = &out->items[out->count];
        for (to = from + 1; to < count && is_same_home(rows, from, to);) {
            to++;
        }
        if (store_is_null(rows, from, COLUMN_REPORT)) {
            continue;
        }
        if (take_home(cursor, arena, rows, from, to, home) != ERR_OK) {
            return FAIL(fault, ERR_MEMORY, "brak pamięci");
        }
        if (home->known) {
            find_spots(cursor, home);
        }
        out->count++;
    }
    return ERR_OK;
}

enum err
backtest_home_next(struct backtest_home_cursor *cursor, struct arena *arena,
                   struct backtest_homes *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, cursor->jst);
    store_put_number(&parameters, cursor->days);
    store_put_text(&parameters, cursor->type.data == NULL ? STR("") : cursor->type);
    store_put_instant(&parameters, cursor->from);
    store_put_instant(&parameters, cursor->to);
    TRY(store_run(cursor->tools->store, next_sql, &parameters, arena, &rows, fault));
    size_t count = store_row_count(&rows);
    *out = (struct backtest_homes){.more = count > 0};
    if (count == 0) {
        return ERR_OK;
    }
    cursor->jst = store_number(&rows, count - 1, COLUMN_JST);
    cursor->days = store_number(&rows, count - 1, COLUMN_DAYS);
    cursor->type = str_copy(cursor->kept, store_text(&rows, count - 1, COLUMN_TYPE));
    if (cursor->type.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    return take_homes(cursor, arena, &rows, out, fault);
}
