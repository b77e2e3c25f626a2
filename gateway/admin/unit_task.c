#include "gateway/admin/admin.h"
#include "gateway/admin/unit_csv.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { CODES = 5 };

/* "99/01/02/3/0" */
static enum err
read_codes(struct str text, struct registry_unit *unit, struct fault *fault)
{
    struct str *const fields[CODES] = {&unit->wk, &unit->pk, &unit->gk, &unit->gt, &unit->pt};
    struct str        rest = text;
    size_t            count = 0;
    struct str        piece = {0};

    while (str_cut(&rest, '/', &piece)) {
        if (count < CODES && piece.size > 0) {
            *fields[count] = piece;
        }
        count += piece.size > 0 ? 1 : CODES + 1;
    }
    if (count != CODES) {
        return FAIL(fault, ERR_USAGE, "--codes ma mieć postać WK/PK/GK/GT/PT, np. 99/01/02/3/0");
    }
    return ERR_OK;
}

enum err
unit_task_add(struct admin *admin, struct fault *fault)
{
    static const enum admin_option needed[] = {OPTION_REGON, OPTION_CODES, OPTION_TYPE, OPTION_KIND,
                                               OPTION_NAME};
    const struct str              *values = admin->options.values;
    struct registry_unit           parent = {0};
    struct registry_unit           unit = {.regon = values[OPTION_REGON],
                                           .nip = values[OPTION_NIP],
                                           .type = values[OPTION_TYPE],
                                           .kind = values[OPTION_KIND],
                                           .name = values[OPTION_NAME]};
    instant                        now = 0;

    for (size_t i = 0; i < ARRAY_COUNT(needed); i++) {
        TRY(admin_options_need(&admin->options, needed[i], fault));
    }
    TRY(read_codes(values[OPTION_CODES], &unit, fault));
    TRY(admin_check_numbers(unit.regon, unit.nip, fault));
    if (values[OPTION_PARENT].data != NULL) {
        TRY(admin_find_unit(admin, values[OPTION_PARENT], &parent, fault));
        unit.parent = parent.unit;
    }
    TRY(admin_now(admin, &now, fault));
    unit.valid_from = moment_warsaw_date(now / INSTANT_PER_SECOND);
    TRY(admin_date(admin, OPTION_FROM, &unit.valid_from, fault));
    TRY(admin_date(admin, OPTION_TO, &unit.valid_to, fault));
    TRY(registry_add_unit(admin->store, admin->arena, &unit, &unit.unit, fault));
    buf_append(&admin->out, STR("Dopisano jednostkę: "));
    admin_print(admin, unit.regon, false);
    admin_print(admin, unit.name, true);
    return admin_wake(admin, fault);
}

/* In a list that is sorted by unit; NULL when it is not there. */
static const struct registry_unit *
find_in(const struct registry_unit *units, size_t count, int64_t unit)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (units[middle].unit < unit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && units[low].unit == unit ? &units[low] : NULL;
}

enum err
unit_task_list(struct admin *admin, struct fault *fault)
{
    struct registry_unit *units = NULL;
    size_t                count = 0;

    TRY(registry_list_units(admin->store, admin->arena, &units, &count, fault));
    buf_append(&admin->out, STR("REGON\tTyp\tWK/PK/GK/GT/PT\trodzaj\tod\tdo\tnadrzędna\tnazwa\n"));
    for (size_t i = 0; i < count; i++) {
        const struct registry_unit *unit = &units[i];
        const struct registry_unit *parent = find_in(units, count, unit->parent);
        admin_print(admin, unit->regon, false);
        admin_print(admin, unit->type, false);
        admin_print(admin,
                    str_format(admin->arena, "%.*s/%.*s/%.*s/%.*s/%.*s", STR_ARG(unit->wk),
                               STR_ARG(unit->pk), STR_ARG(unit->gk), STR_ARG(unit->gt),
                               STR_ARG(unit->pt)),
                    false);
        admin_print(admin, unit->kind, false);
        admin_print_date(admin, unit->valid_from, false);
        admin_print_date(admin, unit->valid_to, false);
        admin_print(admin, parent == NULL ? STR("") : parent->regon, false);
        admin_print(admin, unit->name, true);
    }
    return ERR_OK;
}

enum err
unit_task_close(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct date          last_day = {0};

    TRY(admin_options_need(&admin->options, OPTION_TO, fault));
    TRY(admin_date(admin, OPTION_TO, &last_day, fault));
    TRY(admin_find_unit(admin, admin->options.argument, &unit, fault));
    TRY(registry_close_unit(admin->store, admin->arena, unit.unit, last_day, fault));
    buf_append(&admin->out, STR("Zamknięto jednostkę z końcem dnia "));
    admin_print_date(admin, last_day, false);
    admin_print(admin, unit.name, true);
    return ERR_OK;
}

enum { FILE_SIZE_MAX = 64 * 1024 * 1024 };

static enum err
read_file(struct arena *arena, const char *path, struct str *out, struct fault *fault)
{
    FILE      *file = fopen(path, "re");
    struct buf bytes = buf_create(arena, FILE_SIZE_MAX);
    char       chunk[16384];
    size_t     size = 0;

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "„%.200s” nie daje się otworzyć", path);
    }
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buf_append(&bytes, (struct str){chunk, size});
    }
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed || !buf_ok(&bytes)) {
        return FAIL(fault, ERR_FILE, "„%.200s” nie daje się odczytać albo jest większy niż 64 MiB",
                    path);
    }
    *out = buf_str(&bytes);
    return ERR_OK;
}

static enum err
add_row(struct admin *admin, struct unit_csv_row *row, struct date today, struct fault *fault)
{
    struct registry_unit parent = {0};

    if (row->unit.valid_from.year == 0) {
        row->unit.valid_from = today;
    }
    TRY(admin_check_numbers(row->unit.regon, row->unit.nip, fault));
    if (row->parent.size > 0) {
        TRY(admin_find_unit(admin, row->parent, &parent, fault));
        row->unit.parent = parent.unit;
    }
    return registry_add_unit(admin->store, admin->arena, &row->unit, &row->unit.unit, fault);
}

enum err
unit_task_import(struct admin *admin, struct fault *fault)
{
    struct str           text = {0};
    struct unit_csv_row *rows = NULL;
    size_t               count = 0;
    instant              now = 0;

    TRY(read_file(admin->arena, admin->options.argument.data, &text, fault));
    TRY(unit_csv_read(admin->arena, text, &rows, &count, fault));
    TRY(admin_now(admin, &now, fault));
    for (size_t i = 0; i < count; i++) {
        struct fault of_row = {0};
        enum err     got =
            add_row(admin, &rows[i], moment_warsaw_date(now / INSTANT_PER_SECOND), &of_row);
        if (got != ERR_OK) {
            /* It is the file that is at fault, not the call. */
            return FAIL(fault, got == ERR_USAGE ? ERR_SYNTAX : got,
                        "wiersz %zu: %.300s; nie dopisano żadnej jednostki", rows[i].line,
                        of_row.text);
        }
    }
    buf_format(&admin->out, "Dopisano jednostek: %zu\n", count);
    return admin_wake(admin, fault);
}
