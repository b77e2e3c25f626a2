#include "gateway/admin/unit_check.h"
#include "gateway/registry/event.h"

/* The unit of the argument, a day that must be given, and the ground, which must be given too. */
static enum err
begin(struct admin *admin, enum admin_option option, struct registry_unit *unit, struct date *day,
      struct fault *fault)
{
    TRY(admin_options_need(&admin->options, option, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    TRY(admin_date(admin, option, day, fault));
    TRY(event_hold(admin->store, admin->arena, admin->options.argument, fault));
    return admin_find_unit(admin, admin->options.argument, unit, fault);
}

static void
say(struct admin *admin, const char *what, const struct registry_unit *unit)
{
    buf_append(&admin->out, str_of(what));
    admin_print(admin, unit->regon, false);
    admin_print(admin, unit->name, true);
}

static enum err
find_by(struct admin *admin, enum admin_option option, struct registry_unit *out,
        struct fault *fault)
{
    TRY(admin_options_need(&admin->options, option, fault));
    return admin_find_unit(admin, admin->options.values[option], out, fault);
}

enum err
unit_event_task_change(struct admin *admin, struct fault *fault)
{
    const struct str    *values = admin->options.values;
    struct registry_unit unit = {0};
    struct date          from = {0};

    TRY(begin(admin, OPTION_FROM, &unit, &from, fault));
    const struct {
        enum admin_option option;
        struct str       *field;
    } fields[] = {
        {OPTION_NAME, &unit.name},
        {OPTION_NIP,  &unit.nip },
        {OPTION_TYPE, &unit.type},
        {OPTION_KIND, &unit.kind},
        {OPTION_JOP,  &unit.jop },
    };
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        if (values[fields[i].option].data != NULL) {
            *fields[i].field = str_trim(values[fields[i].option]);
        }
    }
    if (values[OPTION_CODES].data != NULL) {
        TRY(admin_codes(values[OPTION_CODES], &unit, fault));
    }
    TRY(unit_check(&unit, fault));
    TRY(unit_check_kind(admin, unit.kind, fault));
    if (values[OPTION_TYPE].data != NULL) { /* one that it had before stays, known or not */
        struct str types = {0};
        TRY(unit_check_types(admin, &types, fault));
        TRY(unit_check_type(types, unit.type, fault));
    }
    TRY(event_change(admin->store, admin->arena, &unit, from, fault));
    say(admin, "Zmieniono jednostkę: ", &unit);
    return admin_wake(admin, fault);
}

enum err
unit_event_task_move(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct registry_unit parent = {0};
    struct date          from = {0};

    TRY(begin(admin, OPTION_FROM, &unit, &from, fault));
    TRY(find_by(admin, OPTION_PARENT, &parent, fault));
    unit.parent = parent.unit;
    TRY(event_change(admin->store, admin->arena, &unit, from, fault));
    say(admin, "Przeniesiono jednostkę: ", &unit);
    say(admin, "pod: ", &parent);
    return ERR_OK;
}

enum err
unit_event_task_serve(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct registry_unit provider = {0};
    struct event_service service = {
        .unit = &unit, .provider = &provider, .basis = admin->options.values[OPTION_BASIS]};

    TRY(begin(admin, OPTION_FROM, &unit, &service.from, fault));
    TRY(find_by(admin, OPTION_BY, &provider, fault));
    TRY(admin_date(admin, OPTION_TO, &service.to, fault));
    TRY(event_serve(admin->store, admin->arena, &service, fault));
    say(admin, "Obsługiwana: ", &unit);
    say(admin, "przez: ", &provider);
    return ERR_OK;
}

enum err
unit_event_task_release(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct registry_unit provider = {0};
    struct event_service service = {.unit = &unit, .provider = &provider};

    TRY(begin(admin, OPTION_TO, &unit, &service.to, fault));
    TRY(find_by(admin, OPTION_BY, &provider, fault));
    TRY(event_release(admin->store, admin->arena, &service, fault));
    buf_append(&admin->out, STR("Obsługa kończy się z końcem dnia "));
    admin_print_date(admin, service.to, false);
    say(admin, "", &unit);
    return ERR_OK;
}

enum err
unit_event_task_assign(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct event_office  assignment = {.unit = &unit,
                                       .office = admin->options.values[OPTION_OFFICE],
                                       .basis = admin->options.values[OPTION_BASIS]};

    TRY(begin(admin, OPTION_FROM, &unit, &assignment.from, fault));
    TRY(admin_options_need(&admin->options, OPTION_OFFICE, fault));
    TRY(admin_date(admin, OPTION_TO, &assignment.to, fault));
    TRY(event_assign(admin->store, admin->arena, &assignment, fault));
    say(admin, "Przypisano jednostkę: ", &unit);
    return ERR_OK;
}

enum err
unit_event_task_unassign(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct event_office  assignment = {.unit = &unit,
                                       .office = admin->options.values[OPTION_OFFICE]};

    TRY(begin(admin, OPTION_TO, &unit, &assignment.to, fault));
    TRY(admin_options_need(&admin->options, OPTION_OFFICE, fault));
    TRY(event_unassign(admin->store, admin->arena, &assignment, fault));
    say(admin, "Przypisanie kończy się dla jednostki: ", &unit);
    return ERR_OK;
}

/* Only a new REGON makes a successor that is the same body: it is entered with the same data. */
static enum err
find_successor(struct admin *admin, const struct event_succession *succession,
               struct registry_unit *out, struct fault *fault)
{
    struct str regon = admin->options.values[OPTION_BY];
    bool       found = false;

    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_check_numbers(regon, STR(""), fault));
    TRY(registry_find_unit(admin->store, admin->arena, regon, out, &found, fault));
    if (found) {
        return ERR_OK;
    }
    if (!str_equal(succession->kind, STR("new-regon"))) {
        return FAIL(fault, ERR_DENIED, "jednostki o REGON %.*s nie ma w rejestrze", STR_ARG(regon));
    }
    *out = *succession->predecessor;
    out->regon = regon;
    out->valid_from = succession->day;
    out->valid_to = (struct date){0};
    say(admin, "Dopisano jednostkę: ", out);
    TRY(registry_add_unit(admin->store, admin->arena, out, &out->unit, fault));
    return event_inherit(admin->store, admin->arena, succession, fault);
}

enum err
unit_event_task_succeed(struct admin *admin, struct fault *fault)
{
    const struct str       *values = admin->options.values;
    struct registry_unit    unit = {0};
    struct registry_unit    successor = {0};
    struct event_succession succession = {.predecessor = &unit,
                                          .successor = &successor,
                                          .kind = values[OPTION_KIND],
                                          .basis = values[OPTION_BASIS]};

    TRY(begin(admin, OPTION_FROM, &unit, &succession.day, fault));
    TRY(admin_options_need(&admin->options, OPTION_KIND, fault));
    TRY(find_successor(admin, &succession, &successor, fault));
    TRY(event_succeed(admin->store, admin->arena, &succession, fault));
    say(admin, "Jednostka: ", &unit);
    say(admin, "ma następcę: ", &successor);
    return admin_wake(admin, fault);
}
