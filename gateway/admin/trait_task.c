#include "gateway/admin/admin.h"
#include "gateway/answer/csv_reader.h"
#include "gateway/registry/trait.h"

enum { REGON, TRAIT, OFFICE, FROM, TO, FIELDS };

static const char *const columns[FIELDS] = {"regon", "cecha", "dysponent", "od", "do"};

static const char *const words[] = {
    [TRAIT_SAME] = "bez zmian",
    [TRAIT_ADDED] = "dopisana",
    [TRAIT_ENDED] = "zmieniony ostatni dzień",
};

enum err
trait_task_kinds(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store, "SELECT t.trait, t.title FROM registry.trait t ORDER BY t.trait",
                  NULL, admin->arena, &rows, fault));
    buf_append(&admin->out, STR("cecha\tjednostka, która\n"));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        admin_print(admin, store_text(&rows, i, 0), false);
        admin_print(admin, store_text(&rows, i, 1), true);
    }
    return ERR_OK;
}

enum err
trait_task_list(struct admin *admin, struct fault *fault)
{
    struct str              regon = admin->options.values[OPTION_UNIT];
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, regon.data == NULL ? STR("") : regon);
    TRY(store_run(admin->store,
                  "SELECT u.regon, x.trait, coalesce(x.office, ''), x.valid_from::text,"
                  " coalesce(x.valid_to::text, ''), u.name FROM registry.unit_trait x"
                  " JOIN registry.unit u USING (unit) WHERE $1 IN ('', u.regon)"
                  " ORDER BY u.regon, x.trait, x.office, x.valid_from",
                  &parameters, admin->arena, &rows, fault));
    buf_append(&admin->out, STR("regon\tcecha\tdysponent\tod\tdo\tnazwa\n"));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        for (size_t column = 0; column <= FIELDS; column++) {
            admin_print(admin, store_text(&rows, i, column), column == FIELDS);
        }
    }
    return ERR_OK;
}

/* The unit of the argument, its trait and the ground. */
static enum err
begin(struct admin *admin, enum admin_option day, struct registry_unit *unit,
      struct trait_fact *fact, struct fault *fault)
{
    TRY(admin_options_need(&admin->options, OPTION_TRAIT, fault));
    TRY(admin_options_need(&admin->options, day, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    TRY(admin_find_unit(admin, admin->options.argument, unit, fault));
    *fact = (struct trait_fact){.unit = unit,
                                .trait = admin->options.values[OPTION_TRAIT],
                                .office = admin->options.values[OPTION_OFFICE],
                                .basis = admin->options.values[OPTION_BASIS]};
    TRY(admin_date(admin, OPTION_FROM, &fact->from, fault));
    return admin_date(admin, OPTION_TO, &fact->to, fault);
}

static void
say(struct admin *admin, const char *what, const struct trait_fact *fact)
{
    buf_format(&admin->out, "%s „%.*s”: ", what, STR_ARG(fact->trait));
    admin_print(admin, fact->unit->regon, false);
    admin_print(admin, fact->unit->name, true);
    buf_append(&admin->out, STR("Obowiązki uwzględnią to przy najbliższym naliczeniu (brama admin "
                                "obligations generate)\n"));
}

enum err
trait_task_add(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct trait_fact    fact = {0};

    TRY(begin(admin, OPTION_FROM, &unit, &fact, fault));
    TRY(trait_add(admin->store, admin->arena, &fact, fault));
    say(admin, "Dopisano cechę", &fact);
    return ERR_OK;
}

enum err
trait_task_end(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct trait_fact    fact = {0};

    TRY(begin(admin, OPTION_TO, &unit, &fact, fault));
    TRY(trait_end(admin->store, admin->arena, &fact, fault));
    say(admin, "Zakończono cechę", &fact);
    return ERR_OK;
}

static enum err
enter_row(struct admin *admin, const struct str *fields, size_t line, enum trait_change *change,
          struct fault *fault)
{
    struct registry_unit unit = {0};
    struct trait_fact    fact = {.unit = &unit,
                                 .trait = fields[TRAIT],
                                 .office = fields[OFFICE],
                                 .basis = admin->options.values[OPTION_BASIS]};

    TRY(csv_reader_day(fields[FROM], line, &fact.from, fault));
    TRY(csv_reader_day(fields[TO], line, &fact.to, fault));
    TRY(admin_find_unit(admin, fields[REGON], &unit, fault));
    if (fact.from.year == 0) {
        return FAIL(fault, ERR_SYNTAX, "nie ma pierwszego dnia (kolumna „od”)");
    }
    return trait_enter(admin->store, admin->arena, &fact, change, fault);
}

/* The first line that cannot be entered stops all. */
static enum err
enter_rows(struct admin *admin, struct csv_reader *reader, size_t *counts, struct fault *fault)
{
    while (!csv_reader_ended(reader)) {
        struct str        fields[FIELDS] = {{0}};
        size_t            line = reader->line;
        enum trait_change change = TRAIT_SAME;
        struct fault      of_row = {0};
        TRY(csv_reader_row(reader, admin->arena, fields, fault));
        enum err got = enter_row(admin, fields, line, &change, &of_row);
        if (got != ERR_OK) {
            return FAIL(fault, got, "wiersz %zu: %s; nie wpisano niczego", line, of_row.text);
        }
        counts[change]++;
        if (change != TRAIT_SAME) {
            buf_format(&admin->out, "wiersz %zu\t%s\t", line, words[change]);
            admin_print(admin, fields[REGON], false);
            admin_print(admin, fields[TRAIT], true);
        }
    }
    return ERR_OK;
}

enum err
trait_task_import(struct admin *admin, struct fault *fault)
{
    struct csv_reader reader = {0};
    struct str        text = {0};
    size_t            counts[ARRAY_COUNT(words)] = {0};

    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    TRY(admin_file(admin, &text, fault));
    TRY(csv_reader_open(admin->arena, text, columns, FIELDS, &reader, fault));
    TRY(enter_rows(admin, &reader, counts, fault));
    buf_format(&admin->out, "Dopisane: %zu, zmieniony ostatni dzień: %zu, bez zmian: %zu\n",
               counts[TRAIT_ADDED], counts[TRAIT_ENDED], counts[TRAIT_SAME]);
    if (admin->options.values[OPTION_DRY_RUN].data != NULL) {
        admin->end = ADMIN_LOOK;
        buf_append(&admin->out, STR("To była próba: nie wpisano niczego\n"));
    }
    return ERR_OK;
}
