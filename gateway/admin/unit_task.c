#include "gateway/admin/unit_check.h"

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
                                           .name = str_trim(values[OPTION_NAME]),
                                           .jop = values[OPTION_JOP]};

    for (size_t i = 0; i < ARRAY_COUNT(needed); i++) {
        TRY(admin_options_need(&admin->options, needed[i], fault));
    }
    TRY(admin_codes(values[OPTION_CODES], &unit, fault));
    TRY(unit_check_whole(admin, &unit, fault));
    if (values[OPTION_PARENT].data != NULL) {
        TRY(admin_find_unit(admin, values[OPTION_PARENT], &parent, fault));
        unit.parent = parent.unit;
    }
    TRY(admin_today(admin, &unit.valid_from, fault));
    TRY(admin_date(admin, OPTION_FROM, &unit.valid_from, fault));
    TRY(admin_date(admin, OPTION_TO, &unit.valid_to, fault));
    TRY(registry_add_unit(admin->store, admin->arena, &unit, &unit.unit, fault));
    buf_append(&admin->out, STR("Dopisano jednostkę: "));
    admin_print(admin, unit.regon, false);
    admin_print(admin, unit.name, true);
    if (values[OPTION_FROM].data == NULL) {
        buf_append(&admin->out,
                   STR("Uwaga: jednostka jest w rejestrze od dziś: za okresy, które skończyły się "
                       "wcześniej, nic nie jest winna. Dzień podaje --from; później nie da się go "
                       "zmienić na wcześniejszy\n"));
    }
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
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    TRY(admin_date(admin, OPTION_TO, &last_day, fault));
    TRY(admin_find_unit(admin, admin->options.argument, &unit, fault));
    TRY(registry_close_unit(admin->store, admin->arena, unit.unit, last_day, fault));
    buf_append(&admin->out, STR("Zamknięto jednostkę z końcem dnia "));
    admin_print_date(admin, last_day, false);
    admin_print(admin, unit.name, true);
    return unit_check_closed(admin, unit.unit, last_day, fault);
}

enum err
unit_task_kinds(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store, "SELECT kind, title FROM registry.unit_kind ORDER BY kind", NULL,
                  admin->arena, &rows, fault));
    buf_append(&admin->out, STR("rodzaj\tznaczenie\n"));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        admin_print(admin, store_text(&rows, i, 0), false);
        admin_print(admin, store_text(&rows, i, 1), true);
    }
    return ERR_OK;
}
