#include "gateway/admin/unit_check.h"
#include "gateway/admin/unit_csv.h"

static enum err
keep_cause(struct admin *admin, const struct fault *of_row, struct str *cause, struct fault *fault)
{
    *cause = str_copy(admin->arena, str_of(of_row->text));
    if (cause->data == NULL) {
        return FAIL(fault, ERR_MEMORY, "cause of a row");
    }
    return ERR_OK;
}

/* What the registry cannot know: check digits, what codes there are, what types. A Typ that a unit
 * has already stays, known or not. */
static enum err
judge_rows(struct admin *admin, struct unit_import_row *rows, size_t count, struct fault *fault)
{
    struct str types = {0};

    TRY(unit_check_types(admin, &types, fault));
    for (size_t i = 0; i < count; i++) {
        struct fault of_row = {0};
        if (rows[i].cause.data != NULL) {
            continue;
        }
        if (unit_check(&rows[i].unit, &of_row) != ERR_OK) {
            TRY(keep_cause(admin, &of_row, &rows[i].cause, fault));
        } else if (unit_check_type(types, rows[i].unit.type, &of_row) != ERR_OK) {
            TRY(keep_cause(admin, &of_row, &rows[i].cause_if_new, fault));
        }
    }
    return ERR_OK;
}

static const char *const kinds[UNIT_IMPORT_KINDS] = {
    [UNIT_IMPORT_ADDED] = "dopisana",
    [UNIT_IMPORT_CHANGED] = "zmieniona",
    [UNIT_IMPORT_CLOSED] = "zamknięta",
    [UNIT_IMPORT_REFUSED] = "odrzucona",
};

static void
print_difference(struct admin *admin, const struct unit_import_difference *difference)
{
    buf_format(&admin->out, "wiersz %zu\t%s\t", difference->line, kinds[difference->kind]);
    admin_print(admin, difference->regon, false);
    admin_print(admin, difference->name, difference->kind == UNIT_IMPORT_ADDED);
    if (difference->kind == UNIT_IMPORT_CHANGED) {
        buf_format(&admin->out, "%.*s:\t", STR_ARG(difference->field));
        admin_print(admin, difference->old, false);
        buf_append(&admin->out, STR("→\t"));
    }
    if (difference->kind == UNIT_IMPORT_CLOSED) {
        buf_append(&admin->out, STR("ostatni dzień:\t"));
    }
    if (difference->kind != UNIT_IMPORT_ADDED) {
        admin_print(admin, difference->now, true);
    }
}

static void
print_result(struct admin *admin, const struct unit_import_result *result)
{
    const size_t *units = result->units;

    for (size_t i = 0; i < result->count; i++) {
        print_difference(admin, &result->differences[i]);
    }
    buf_format(&admin->out,
               "Dopisane: %zu, zmienione: %zu, zamknięte: %zu, bez zmian: %zu, odrzucone: %zu\n",
               units[UNIT_IMPORT_ADDED], units[UNIT_IMPORT_CHANGED], units[UNIT_IMPORT_CLOSED],
               result->untouched, units[UNIT_IMPORT_REFUSED]);
}

/* All or nothing: with one line refused nothing is entered. */
static enum err
enter(struct admin *admin, const struct unit_import_result *result, struct date day,
      struct fault *fault)
{
    bool is_dry = admin->options.values[OPTION_DRY_RUN].data != NULL;

    if (result->units[UNIT_IMPORT_REFUSED] > 0) {
        admin->end = ADMIN_REFUSE;
        buf_append(&admin->out, STR("Nie wpisano niczego: najpierw popraw odrzucone wiersze\n"));
        return ERR_OK;
    }
    TRY(unit_import_apply(admin->store, admin->arena, day, fault));
    if (is_dry) {
        admin->end = ADMIN_LOOK;
        buf_append(&admin->out, STR("To była próba: nie wpisano niczego\n"));
        return ERR_OK;
    }
    return admin_wake(admin, fault);
}

/* A file that is not a table of units is refused as a whole, and says so. */
static enum err
read_rows(struct arena *arena, struct str text, struct unit_import_row **rows, size_t *count,
          struct fault *fault)
{
    struct fault of_file = {0};
    enum err     got = unit_csv_read(arena, text, rows, count, &of_file);

    if (got != ERR_OK) {
        return FAIL(fault, got, "%s; nie wpisano niczego", of_file.text);
    }
    if (*count == 0) {
        return FAIL(fault, ERR_SYNTAX,
                    "w pliku nie ma żadnej jednostki, tylko wiersz nagłówków; nie wpisano niczego");
    }
    return ERR_OK;
}

enum err
unit_import_task(struct admin *admin, struct fault *fault)
{
    struct str                text = {0};
    struct unit_import_row   *rows = NULL;
    struct unit_import_result result = {0};
    size_t                    count = 0;
    struct date               day = {0};

    TRY(admin_file(admin, &text, fault));
    TRY(read_rows(admin->arena, text, &rows, &count, fault));
    TRY(judge_rows(admin, rows, count, fault));
    TRY(admin_today(admin, &day, fault));
    TRY(admin_date(admin, OPTION_FROM, &day, fault));
    const struct unit_import_file file = {rows, count, day};
    TRY(unit_import_stage(admin->store, admin->arena, &file, &result, fault));
    print_result(admin, &result);
    return enter(admin, &result, day, fault);
}

enum err
unit_import_task_export(struct admin *admin, struct fault *fault)
{
    struct unit_import_row *rows = NULL;
    size_t                  count = 0;
    struct date             day = {0};

    TRY(admin_today(admin, &day, fault));
    TRY(unit_import_export(admin->store, admin->arena, day, &rows, &count, fault));
    unit_csv_write(admin->arena, rows, count, &admin->out);
    return ERR_OK;
}
