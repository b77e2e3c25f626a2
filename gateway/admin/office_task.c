#include "gateway/admin/admin.h"

#include <string.h>

/* Recipients that are no unit: RIO, GUS, MF, dysponenci, organs of supervision. */
enum err
office_task_list(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store,
                  "SELECT o.office, o.kind, o.title, (SELECT count(*) FROM registry.unit_office u"
                  " WHERE u.office = o.office AND (u.valid_to IS NULL OR"
                  " u.valid_to >= registry.today())) FROM registry.office o ORDER BY o.office",
                  NULL, admin->arena, &rows, fault));
    buf_append(&admin->out, STR("kod\trodzaj\tjednostek\tnazwa\n"));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        admin_print(admin, store_text(&rows, i, 0), false);
        admin_print(admin, store_text(&rows, i, 1), false);
        buf_format(&admin->out, "%lld\t", (long long)store_number(&rows, i, 3));
        admin_print(admin, store_text(&rows, i, 2), true);
    }
    return ERR_OK;
}

enum err
office_task_add(struct admin *admin, struct fault *fault)
{
    static const enum admin_option needed[] = {OPTION_KIND, OPTION_NAME, OPTION_BASIS};
    struct store_parameters        parameters = store_parameters_create(admin->arena);

    for (size_t i = 0; i < ARRAY_COUNT(needed); i++) {
        TRY(admin_options_need(&admin->options, needed[i], fault));
    }
    store_put_text(&parameters, admin->options.argument);
    store_put_text(&parameters, admin->options.values[OPTION_KIND]);
    store_put_text(&parameters, str_trim(admin->options.values[OPTION_NAME]));
    enum err got = store_run(admin->store,
                             "INSERT INTO registry.office (office, kind, title)"
                             " VALUES ($1, $2, $3)",
                             &parameters, admin->arena, NULL, fault);
    if (got == ERR_STORE && strcmp(store_sqlstate(admin->store), "23505") == 0) {
        return FAIL(fault, ERR_DENIED, "urząd „%.*s” jest już w rejestrze",
                    STR_ARG(admin->options.argument));
    }
    if (got == ERR_STORE && strcmp(store_sqlstate(admin->store), "23514") == 0) {
        return FAIL(fault, ERR_DENIED,
                    "kod urzędu ma mieć postać „wojewoda-lodzki” (małe litery bez znaków "
                    "diakrytycznych, cyfry, łączniki), a rodzaj to rio, gus, mf, dysponent albo "
                    "organ-nadzorujacy");
    }
    TRY(got);
    buf_append(&admin->out, STR("Dopisano urząd: "));
    admin_print(admin, admin->options.argument, true);
    return ERR_OK;
}
