#include "gateway/registry/refusal.h"
#include "gateway/registry/registry.h"

#include <string.h>

enum { DAY_MAX = 40 }; /* "1 października 2026 r." */

#define UNIT_COLUMNS                                                        \
    "unit, regon, coalesce(nip, ''), wk, pk, gk, gt, pt, type, kind, name," \
    " coalesce(parent, 0), valid_from, valid_to, jop"

static const struct refusal add_refusals[] = {
    {"23P01", "jest już w rejestrze z tym samym Typem i kodami w tym samym czasie"},
    {"23503", "ma rodzaj albo jednostkę nadrzędną, których nie ma w rejestrze" },
    {"23514",
     "ma numer, nazwę, grupę JOP albo daty w złej postaci (ostatni dzień nie może być przed "
     "pierwszym)"                                                                  },
    {NULL,    NULL                                                                 }
};

/* An empty text of ours is NULL in the table. */
static struct str
or_null(struct str text)
{
    return text.size == 0 ? (struct str){0} : text;
}

enum err
registry_add_unit(struct store *store, struct arena *arena, const struct registry_unit *unit,
                  int64_t *id, struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.unit (regon, nip, wk, pk, gk, gt, pt, type, kind, name, jop, parent,"
        " valid_from, valid_to)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING unit";
    const struct str        texts[] = {unit->wk,   unit->pk,   unit->gk,   unit->gt, unit->pt,
                                       unit->type, unit->kind, unit->name, unit->jop};
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, unit->regon);
    store_put_text(&parameters, or_null(unit->nip));
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        store_put_text(&parameters, texts[i].data == NULL ? STR("") : texts[i]);
    }
    if (unit->parent == 0) {
        store_put_null(&parameters, STORE_NUMBER);
    } else {
        store_put_number(&parameters, unit->parent);
    }
    store_put_date(&parameters, unit->valid_from);
    store_put_day(&parameters, unit->valid_to);
    TRY(refusal_tell(store, store_run(store, sql, &parameters, arena, &rows, fault), add_refusals,
                     unit->regon, fault));
    *id = store_number(&rows, 0, 0);
    return ERR_OK;
}

static struct registry_unit
read_unit(const struct store_rows *rows, size_t row)
{
    return (struct registry_unit){
        .unit = store_number(rows, row, 0),
        .regon = store_text(rows, row, 1),
        .nip = store_text(rows, row, 2),
        .wk = store_text(rows, row, 3),
        .pk = store_text(rows, row, 4),
        .gk = store_text(rows, row, 5),
        .gt = store_text(rows, row, 6),
        .pt = store_text(rows, row, 7),
        .type = store_text(rows, row, 8),
        .kind = store_text(rows, row, 9),
        .name = store_text(rows, row, 10),
        .parent = store_number(rows, row, 11),
        .valid_from = store_date(rows, row, 12),
        .valid_to = store_date(rows, row, 13),
        .jop = store_text(rows, row, 14),
    };
}

enum err
registry_find_unit(struct store *store, struct arena *arena, struct str regon,
                   struct registry_unit *out, bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, regon);
    TRY(store_run(store,
                  "SELECT " UNIT_COLUMNS " FROM registry.unit WHERE regon = $1"
                  " ORDER BY valid_from DESC, unit DESC LIMIT 1",
                  &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) > 0;
    if (*found) {
        *out = read_unit(&rows, 0);
    }
    return ERR_OK;
}

enum err
registry_list_units(struct store *store, struct arena *arena, struct registry_unit **out,
                    size_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, "SELECT " UNIT_COLUMNS " FROM registry.unit ORDER BY unit", NULL, arena,
                  &rows, fault));
    struct registry_unit *units = ARENA_NEW(arena, struct registry_unit, store_row_count(&rows));
    if (units == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        units[i] = read_unit(&rows, i);
    }
    *out = units;
    *count = store_row_count(&rows);
    return ERR_OK;
}

/* Beside its successor it would owe the same once more, and could file none of it. */
static enum err
refuse_succeeded(struct arena *arena, struct date day, struct fault *fault)
{
    struct buf text = buf_create(arena, DAY_MAX);

    date_write_polish(&text, day);
    return FAIL(fault, ERR_DENIED,
                "Jednostka ma następcę od %.*s; jej ostatnim dniem może być najpóźniej dzień "
                "wcześniejszy",
                STR_ARG(buf_str(&text)));
}

enum err
registry_close_unit(struct store *store, struct arena *arena, int64_t unit, struct date last_day,
                    struct fault *fault)
{
    static const char succession_sql[] =
        "SELECT min(s.day) FROM registry.succession s WHERE s.predecessor = $1 AND s.day <= $2";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit);
    store_put_date(&parameters, last_day);
    TRY(store_run(store, succession_sql, &parameters, arena, &rows, fault));
    if (!store_is_null(&rows, 0, 0)) {
        return refuse_succeeded(arena, store_date(&rows, 0, 0), fault);
    }
    enum err got =
        store_run(store, "UPDATE registry.unit SET valid_to = $2 WHERE unit = $1 RETURNING unit",
                  &parameters, arena, &rows, fault);
    if (got == ERR_STORE && strcmp(store_sqlstate(store), "23514") == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Ostatni dzień nie może być przed dniem, od którego jednostka "
                    "jest w rejestrze");
    }
    TRY(got);
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "Takiej jednostki nie ma w rejestrze");
    }
    return ERR_OK;
}
