#include "gateway/people/appointment.h"

#include <string.h>

#define APPOINTMENT_COLUMNS                                                                  \
    "SELECT a.appointment, a.person, coalesce(p.name, ''), coalesce(p.email, ''), a.role,"   \
    " r.title, a.unit, u.regon, a.office, coalesce(u.name, o.title, ''), a.valid_from,"      \
    " a.valid_to, a.delegator, a.basis, a.made_at, a.ended_at, a.revision"                   \
    " FROM people.appointment a JOIN people.role r USING (role)"                             \
    " LEFT JOIN people.person p USING (person) LEFT JOIN registry.unit u ON u.unit = a.unit" \
    " LEFT JOIN registry.office o ON o.office = a.office"

static struct appointment
read_appointment(const struct store_rows *rows, size_t row)
{
    return (struct appointment){
        .appointment = store_uuid(rows, row, 0),
        .person = store_uuid(rows, row, 1),
        .person_name = store_text(rows, row, 2),
        .email = store_text(rows, row, 3),
        .role = store_text(rows, row, 4),
        .title = store_text(rows, row, 5),
        .unit = store_number(rows, row, 6),
        .regon = store_text(rows, row, 7),
        .office = store_text(rows, row, 8),
        .place = store_text(rows, row, 9),
        .valid_from = store_date(rows, row, 10),
        .valid_to = store_date(rows, row, 11),
        .delegator = store_uuid(rows, row, 12),
        .basis = store_text(rows, row, 13),
        .made = store_instant(rows, row, 14),
        .ended = store_instant(rows, row, 15),
        .revision = store_number(rows, row, 16),
    };
}

enum err
appointment_list(struct store *store, struct arena *arena, struct appointment_page *page,
                 struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, page->unit);
    store_put_uuid(&parameters, page->after);
    store_put_integer(&parameters, APPOINTMENT_PAGE);
    TRY(store_run(store,
                  APPOINTMENT_COLUMNS " WHERE ($1 = 0 OR a.unit = $1) AND a.appointment > $2"
                                      " ORDER BY a.appointment LIMIT $3",
                  &parameters, arena, &rows, fault));
    struct appointment *items = ARENA_NEW(arena, struct appointment, store_row_count(&rows));
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu appointments", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        items[i] = read_appointment(&rows, i);
    }
    page->items = items;
    page->count = store_row_count(&rows);
    return ERR_OK;
}

enum err
appointment_find(struct store *store, struct arena *arena, struct uuid id, struct appointment *out,
                 bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, id);
    TRY(store_run(store, APPOINTMENT_COLUMNS " WHERE a.appointment = $1", &parameters, arena, &rows,
                  fault));
    *found = store_row_count(&rows) > 0;
    if (*found) {
        *out = read_appointment(&rows, 0);
    }
    return ERR_OK;
}

enum err
appointment_end(struct store *store, struct arena *arena, const struct appointment_ending *ending,
                bool *done, struct fault *fault)
{
    static const char sql[] =
        "UPDATE people.appointment SET valid_to = coalesce($3, valid_to),"
        " ended_at = CASE WHEN $3 IS NULL THEN now() END, revision = revision + 1"
        " WHERE appointment = $1 AND revision = $2 AND ended_at IS NULL RETURNING revision";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, ending->appointment);
    store_put_number(&parameters, ending->revision);
    if (ending->last_day.year == 0) {
        store_put_null(&parameters, STORE_DATE);
    } else {
        store_put_date(&parameters, ending->last_day);
    }
    enum err got = store_run(store, sql, &parameters, arena, &rows, fault);
    if (got == ERR_STORE && strcmp(store_sqlstate(store), "23514") == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Ostatni dzień nie może być przed pierwszym ani po dotychczasowym ostatnim");
    }
    TRY(got);
    *done = store_row_count(&rows) > 0;
    return ERR_OK;
}
