#include "gateway/obligation/act_entry.h"

#define SHOW(entries)                                                                        \
    "SELECT e.kind, e.number, u.regon, e.form, e.period, e.first_end, e.last_end, e.on_day," \
    " e.place, e.basis, e.entered_by, p.name, e.entered_at, e.revoked_at, e.revoked_by,"     \
    " q.name, e.revoked_basis FROM (" entries ") e"                                          \
    " JOIN registry.unit u ON u.unit = e.unit"                                               \
    " LEFT JOIN people.person p ON p.person = e.author"                                      \
    " LEFT JOIN people.person q ON q.person = e.revoker"                                     \
    " ORDER BY e.entered_at, e.kind, e.number"

enum column {
    KIND,
    NUMBER,
    UNIT,
    FORM,
    PERIOD,
    FIRST,
    LAST,
    ON,
    PLACE,
    BASIS,
    BY,
    BY_NAME,
    AT,
    REVOKED_AT,
    REVOKED_BY,
    REVOKED_BY_NAME,
    REVOKED_BASIS
};

static const char of_duty_sql[] =
    SHOW("SELECT * FROM obligation.entry WHERE duty = $1"
         " UNION ALL SELECT x.* FROM obligation.duty d"
         " JOIN obligation.matter m ON m.matter = d.matter"
         " JOIN obligation.entry x ON x.unit IN (d.unit, d.jst) AND x.form = m.form"
         "  AND x.kind IN ('exemption', 'internal')"
         " WHERE d.duty = $1 AND CASE x.kind"
         "  WHEN 'exemption' THEN x.unit = d.unit AND x.first_end <= m.period_end"
         "   AND coalesce(x.last_end, 'infinity') >= m.period_end"
         "  ELSE x.period = m.period END");

static const char of_unit_sql[] = SHOW("SELECT * FROM obligation.entry"
                                       " WHERE unit = $1 AND kind IN ('exemption', 'internal')");

static struct act_entry
read_entry(const struct store_rows *rows, size_t row)
{
    return (struct act_entry){.kind = store_text(rows, row, KIND),
                              .number = store_number(rows, row, NUMBER),
                              .unit = store_text(rows, row, UNIT),
                              .form = store_text(rows, row, FORM),
                              .period = store_text(rows, row, PERIOD),
                              .first = store_date(rows, row, FIRST),
                              .last = store_date(rows, row, LAST),
                              .on = store_date(rows, row, ON),
                              .place = store_text(rows, row, PLACE),
                              .basis = store_text(rows, row, BASIS),
                              .by = store_text(rows, row, BY),
                              .by_name = store_text(rows, row, BY_NAME),
                              .at = store_instant(rows, row, AT),
                              .revoked_at = store_instant(rows, row, REVOKED_AT),
                              .revoked_by = store_text(rows, row, REVOKED_BY),
                              .revoked_by_name = store_text(rows, row, REVOKED_BY_NAME),
                              .revoked_basis = store_text(rows, row, REVOKED_BASIS)};
}

static enum err
list(struct store *store, struct arena *arena, const char *sql, int64_t number,
     struct act_entries *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct act_entries      entries = {.revision = 1};

    store_put_number(&parameters, number);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    entries.count = store_row_count(&rows);
    entries.items = ARENA_NEW(arena, struct act_entry, entries.count + 1);
    if (entries.items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu entries", entries.count);
    }
    for (size_t i = 0; i < entries.count; i++) {
        entries.items[i] = read_entry(&rows, i);
        entries.revision += entries.items[i].revoked_at == 0 ? 1 : 2;
    }
    *out = entries;
    return ERR_OK;
}

enum err
act_entry_of_duty(struct store *store, struct arena *arena, int64_t duty, struct act_entries *out,
                  struct fault *fault)
{
    return list(store, arena, of_duty_sql, duty, out, fault);
}

enum err
act_entry_of_unit(struct store *store, struct arena *arena, int64_t unit, struct act_entries *out,
                  struct fault *fault)
{
    return list(store, arena, of_unit_sql, unit, out, fault);
}

const struct act_entry *
act_entry_find(const struct act_entries *entries, struct str kind, int64_t number)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (entries->items[i].number == number && str_equal(entries->items[i].kind, kind)) {
            return &entries->items[i];
        }
    }
    return NULL;
}

const struct act_entry *
act_entry_standing(const struct act_entries *entries, struct str kind)
{
    const struct act_entry *newest = NULL;

    for (size_t i = 0; i < entries->count; i++) {
        const struct act_entry *entry = &entries->items[i];
        if (entry->revoked_at == 0 && str_equal(entry->kind, kind)
            && (newest == NULL || entry->number > newest->number)) {
            newest = entry;
        }
    }
    return newest;
}

enum err
act_entry_duty(struct store *store, struct arena *arena, int64_t number, struct act_duty *out,
               bool *found, struct fault *fault)
{
    static const char sql[] =
        "SELECT d.unit, u.name, m.form, m.period, m.level FROM obligation.duty d"
        " JOIN obligation.matter m ON m.matter = d.matter JOIN registry.unit u ON u.unit = d.unit"
        " WHERE d.duty = $1";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, number);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) == 1;
    if (*found) {
        *out = (struct act_duty){.number = number,
                                 .unit = store_number(&rows, 0, 0),
                                 .unit_name = store_text(&rows, 0, 1),
                                 .form = store_text(&rows, 0, 2),
                                 .period = store_text(&rows, 0, 3),
                                 .level = store_text(&rows, 0, 4)};
    }
    return ERR_OK;
}

enum err
act_entry_exemption(struct store *store, struct arena *arena, int64_t number,
                    struct act_exemption *out, bool *found, struct fault *fault)
{
    static const char sql[] = "SELECT unit, form, first_end, last_end FROM obligation.exemption"
                              " WHERE exemption = $1";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, number);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) == 1;
    if (*found) {
        *out = (struct act_exemption){.unit = store_number(&rows, 0, 0),
                                      .form = store_text(&rows, 0, 1),
                                      .first = store_date(&rows, 0, 2),
                                      .last = store_date(&rows, 0, 3)};
    }
    return ERR_OK;
}
